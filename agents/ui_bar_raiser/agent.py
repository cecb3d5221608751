"""The ui-bar-raiser agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Documents, Draft, Exhibit, Finding, Markup, checks_of, unsure

from . import visual

_SHOWN = 80
_RANK = (
    "field without label",
    "image without alt",
    "click on something that is no control",
    "page without lang",
    "page without title",
    "zoom switched off",
    "frame without title",
    "inline event handler",
    "console output left in",
)
"""What keeps people out comes first, what merely is untidy last."""


class UiBarRaiser(Agent):
    """What users see works, for all of them."""

    id = "ui-bar-raiser"
    criteria = ("DEP-5.4.8", "DEP-5.4.9")
    checks = checks_of(visual)

    async def review(self, brief: Brief) -> list[Finding]:
        """Run the checks, show what people would stumble over, and look for a record of acceptance."""
        brief.show(pages(brief[Markup]))
        findings = await brief.judge(self.checks)
        acceptance = accepted(brief[Documents], brief.release.version)
        return findings + await brief.cite([(f"{self.id}.acceptance", draft) for draft in acceptance])


def pages(markup: Markup) -> Exhibit:
    """Each obstacle of each page, the gravest kinds first and the most frequent first within a kind."""
    found = sorted(
        ((_RANK.index(s.kind), -s.count, page.path, s) for page in markup.pages for s in page.stumbles),
        key=lambda row: row[:3],
    )
    totals: dict[str, int] = {}
    for _, _, _, stumble in found:
        totals[stumble.kind] = totals.get(stumble.kind, 0) + stumble.count
    told = "; ".join(f"{number:,} × {kind}" for kind, number in totals.items()) or "nothing to stumble over was seen"
    note = f"{markup.files:,} pages, templates and components were read: {told}."
    if len(found) > _SHOWN:
        note += f" The first {_SHOWN} of {len(found):,} rows are shown."
    return Exhibit(
        title="User-facing pages",
        note=note,
        columns=("page", "what people would stumble over", "times", "line"),
        rows=tuple((path, s.kind, f"{s.count:,}", str(s.line)) for _, _, path, s in found[:_SHOWN]),
    )


def accepted(documents: Documents, version: str) -> list[Draft]:
    """What the tree says of acceptance by users; it never decides, for only the people who accepted can."""
    about = documents.about("user acceptance", "acceptance test", "uat", "sign-off checklist", minimum=20)
    about = [(d, h) for d, h in about if _names_acceptance(f"{d.path} {d.title} {h.text if h else ''}".lower())]
    if not about:
        return []
    here = [
        (d, h) for d, h in about if version and version.lower() in f"{d.path} {d.title} {h.text if h else ''}".lower()
    ]
    places = [d.at(h) for d, h in (here or about)[:3]]
    if here:
        return [
            unsure(
                f"A record of acceptance names {version}; who accepted it must say so", *places, criterion="DEP-5.4.9"
            )
        ]
    return [
        unsure(
            "Acceptance by users is written about, without a record for this version", *places, criterion="DEP-5.4.9"
        )
    ]


def _names_acceptance(text: str) -> bool:
    return "acceptance" in text or "sign-off" in text or any(word.strip("./_-:") == "uat" for word in _words(text))


def _words(text: str) -> list[str]:
    for mark in "/_-.":
        text = text.replace(mark, " ")
    return text.split()
