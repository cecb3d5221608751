"""Judges whether input chooses which address is called or which template is shown (2.3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import FAIL, Draft, Example, Sinks, check

from ._lines import broken, shipped

_NAMED_HOSTS = "Compare the host with a list of those that may be called, and refuse private addresses."
_NAMED_FIELDS = "Hand over the fields that the template shows, by name."
_LOOKED_UP = "const url = req.%s.image\nconst answer = await fetch(url)\n"


@check(
    "SEC-2.3.3",
    shows=FAIL,
    clean=[
        Example("the address is built from a setting", {"quote.js": "const url = base + id\nawait fetch(url)\n"}),
        Example(
            "only its end is from a request", {"quote.ts": "await fetch(`https://rates.example/${req.query.day}`)\n"}
        ),
        Example("the fields by name", {"page.js": "res.render('done', { name: req.body.name })\n"}),
    ],
    flagged=[
        Example("a picture is fetched from anywhere", {"avatar.ts": _LOOKED_UP % "body"}),
        Example("in Python", {"hook.py": "url = request.args['url']\nanswer = requests.get(url, timeout=5)\n"}),
        Example("in Ruby", {"app/hook.rb": "url = params[:url]\nanswer = URI.open(url)\n"}),
        Example(
            "in Go",
            {
                "hook.go": "package s\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n"
                '\thttp.Get(r.FormValue("u"))\n}\n'
            },
        ),
        Example("the body becomes the template's settings", {"page.js": "res.render('done', req.body)\n"}),
        Example("the query among them", {"page.ts": "res.render('done', {\n  ...req.query,\n  title,\n})\n"}),
    ],
    silent=[
        Example("another variable is called", {"avatar.ts": "const url = req.body.image\nawait fetch(settings)\n"}),
        Example(
            "its host is looked at before",
            {"hook.py": "url = request.args['url']\nif not is_allowed(url):\n    abort(400)\nrequests.get(url)\n"},
        ),
    ],
)
def input_does_not_choose_targets(sinks: Sinks) -> Iterator[Draft]:
    """No address from a request is called, and no whole body is handed to a template engine."""
    called = shipped(sinks.of("called", how="input"))
    if called:
        yield broken("The server calls an address that the request names", called, medium=True, remedy=_NAMED_HOSTS)
    shown = shipped(sinks.of("options", how="input"))
    if shown:
        message = "A request's whole body sets the options of the template engine, layout included"
        yield broken(message, shown, medium=True, remedy=_NAMED_FIELDS)
