"""Judges whether input chooses which address is called or which template is shown (2.3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import ALL, FAIL, Code, Draft, Example, Signal, Source, check

from ._lines import broken, production
from .injection import INPUT

_NAME = r"\w{0,30}(?:ur[il]|host|endpoint|href|link|target|webhook)\w{0,20}"
TAKEN = Signal(
    id="security.address-from-input",
    pattern=rf"^(?:(?:const|let|var|final|String|\$)\s*)?({_NAME})\s*(?::\s*\w+\s*)?:?=\s*\(?{INPUT}",
    languages=("javascript", "typescript", "python", "ruby", "java", "kotlin", "php"),
    kept=ALL,
)
CALLED = Signal(
    id="security.address-called",
    pattern=rf"(?:\bfetch|\burlopen|\baxios|\bgot|(?:needle|axios|requests|httpx|superagent|https?|got)\."
    rf"(?:get|post|put|head|request|urlopen))\(\s*{_NAME}\s*[,)]",
    languages=("javascript", "typescript", "python", "ruby", "java", "kotlin", "php"),
    kept=ALL,
)
SHOWN = Signal(
    id="security.input-as-template-data",
    pattern=r"\.render\(.{0,80},\s*(?:\{\s*\.\.\.)?req\.(?:body|query)\b(?!\s*\.)|^\.\.\.req\.(?:body|query),?$",
    languages=("javascript", "typescript"),
    kept=ALL,
)
RENDERED = Signal(
    id="security.render-call",
    words=("res.render(",),
    languages=("javascript", "typescript"),
    kept=ALL,
)
_WITHIN = 15
_NAMED_HOSTS = "Compare the host with a list of those that may be called, and refuse private addresses."
_NAMED_FIELDS = "Hand over the fields that the template shows, by name."
_LOOKED_UP = "const url = req.%s.image\nconst answer = await fetch(url)\n"


@check(
    "SEC-2.3.3",
    shows=FAIL,
    reads=[TAKEN, CALLED, SHOWN, RENDERED],
    clean=[Example("the address is built from a setting", {"quote.js": "const url = base + id\nawait fetch(url)\n"})],
    flagged=[
        Example("a picture is fetched from anywhere", {"avatar.ts": _LOOKED_UP % "body"}),
        Example("in Python", {"hook.py": "url = request.args['url']\nanswer = requests.get(url, timeout=5)\n"}),
        Example("the body becomes the template's settings", {"page.js": "res.render('done', req.body)\n"}),
    ],
    silent=[
        Example("another variable is called", {"avatar.ts": "const url = req.body.image\nawait fetch(settings)\n"})
    ],
)
def input_does_not_choose_targets(code: Code) -> Iterator[Draft]:
    """No address from a request is called a few lines later, and no whole body is handed to a template engine."""
    uses = {(use.path, use.line): use for use in code[CALLED].first}
    below = range(1, _WITHIN + 1)
    called = production(code[TAKEN]).saying(
        lambda s: any((s.path, s.line + n) in uses and _follows(s, uses[s.path, s.line + n]) for n in below)
    )
    if called:
        yield broken("The server calls an address that the request names", called, medium=True, remedy=_NAMED_HOSTS)
    lines = {(hit.path, hit.line) for hit in code[RENDERED].first}
    shown = production(code[SHOWN]).saying(
        lambda s: "render(" in s.text or any((s.path, s.line - n) in lines for n in range(1, 4))
    )
    if shown:
        message = "A request's whole body sets the options of the template engine, layout included"
        yield broken(message, shown, medium=True, remedy=_NAMED_FIELDS)


def _follows(taken: Source, use: Source) -> bool:
    name = re.search(rf"({_NAME})\s*(?::\s*\w+\s*)?:?=", taken.text, re.IGNORECASE)
    return name is not None and re.search(rf"\(\s*{re.escape(name[1])}\s*[,)]", use.text) is not None
