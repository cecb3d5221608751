"""Judges what the code and its documents show of data privacy (8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    PASS,
    Code,
    Document,
    Documents,
    Draft,
    Example,
    Files,
    Heading,
    History,
    Places,
    Route,
    Routes,
    Schema,
    Source,
    check,
    days,
    passed,
    source_of,
    together,
    unjudged,
    unsure,
)

from ._people import breach_steps
from ._privacy import (
    ASKS_CONSENT,
    CONSENT_GIVEN,
    CONSENT_PURPOSES,
    CONSENT_SCREEN,
    CONSENT_STORED,
    CONSENT_WITHDRAWN,
    DATED,
    DEADLINE,
    ERASURE,
    EXPORT,
    LEFT_OUT,
    NO_PAGE_FOR_ALL,
    NOT_MADE,
    ONLY_AN_ID,
    POLICY_LINK,
    POLICY_SAYS,
    POLICY_TEXT,
    ROUTE_SERVED,
    ROUTE_VOID,
    SENDS_TO_ALL,
    STORED,
)

_OF_A_PERSON = re.compile(
    r"user|account|profile|customer|member|personal|privacy|gdpr|\bme\b|/my|patient", re.IGNORECASE
)
_EXPORT_PATH = re.compile(
    r"data[-_/]?export|export[-_/]?(my[-_]?|user[-_]?|personal[-_]?)?data|download[-_/]?(my[-_]?|"
    r"your[-_]?)?data|takeout|"
    r"dsar|subject[-_]?access|(account|profile|me)/export|gdpr/(export|request)|"
    r"(?:^|/)(?:me|my|account|profile|(?:users?|customers?|members?|people|patients?)/[^/]+)/(?:data|export|archive|dump|"
    r"personal[-_]data)/?$",
    re.IGNORECASE,
)
_ERASURE_PATH = re.compile(
    r"(delete|erase|close|deactivate)[-_/]?(my[-_]?)?(account|user|profile|data)|data[-_/]?erasure|erasure[-_]?request|"
    r"forget[-_]?me|gdpr/(delete|erase)",
    re.IGNORECASE,
)
_POLICY_FILE = re.compile(
    r"(^|/)([\w-]*privacy[-_]?(policy|notice|statement)[\w.-]*|privacy|datenschutz\w*)"
    r"(/(index|page))?\.(html?|md|mdx|[jt]sx|vue|svelte|erb|haml|slim|hbs|ejs|pug|jinja2?|j2|njk|twig|"
    r"cshtml|blade\.php|"
    r"component\.html|html\.\w+|txt|liquid|astro)$",
    re.IGNORECASE,
)
_NO_PAGE = re.compile(rf"{_POLICY_FILE.pattern}|\.(sh|py|sql)$", re.IGNORECASE)
_MARKUP = re.compile(r"\.(html?|[jt]sx|vue|svelte|erb|haml|slim|hbs|ejs|pug|cshtml|php|twig|njk)$")
_TEMPLATE = re.compile(r"template|example|sample", re.IGNORECASE)
_CONSENT_PATH = re.compile(
    r"(?:^|/)(?:consents?|newsletter|marketing[-_]?(?:consent|preferences)?|opt[-_]?(?:in|out)|privacy[-_]?(?:settings|"
    r"preferences|choices))(?:/|$)",
    re.IGNORECASE,
)
_WRITES = frozenset({"PUT", "PATCH", "POST", "ANY"})
_PARAMETER = re.compile(r"(?:consents?|newsletter)/(?:\{|:|<|\[)", re.IGNORECASE)
MIN_POLICY_BYTES = 1_500
SHORT_POLICY_BYTES = 200
"""A page that is shorter than a usual policy counts if it says what becomes of the data, and whom to ask."""
_PARAGRAPH = (
    "We use what you enter to deliver the order, keep it for ten years as tax law asks, and share it with nobody. "
)
_YES_AND_NO = (
    "from flask import Flask\napp = Flask(__name__)\n\n@app.put('/me/newsletter')\ndef newsletter():\n"
    "    current_user.newsletter = request.json['yes']\n"
)
_MODEL = "from django.db import models\n\nclass Person(models.Model):\n    %s = models.DateTimeField(null=True)\n"


@check(
    "CMP-8.1.1",
    shows=PASS,
    reads=[
        CONSENT_STORED,
        CONSENT_SCREEN,
        CONSENT_WITHDRAWN,
        CONSENT_GIVEN,
        CONSENT_PURPOSES,
        SENDS_TO_ALL,
        ASKS_CONSENT,
    ],
    clean=[
        Example(
            "Stored, asked for and withdrawn",
            {
                "people/models.py": _MODEL % "marketing_consent_at",
                "web/ConsentBanner.tsx": "export const ConsentBanner = () => <Dialog onSave={save} />\n",
                "people/views.py": "def withdraw_consent(request):\n    request.user.marketing_consent_at = None\n",
            },
        ),
        Example(
            "By a route that keeps a yes and a no",
            {
                "app.py": _YES_AND_NO,
            },
        ),
    ],
    flagged=[
        Example(
            "A word that nobody has defined",
            {
                "api.py": "from fastapi import FastAPI\napp = FastAPI()\n\n@app.put('/me/consents/{what}')\n"
                "def consent(what: str, given: bool):\n    db.execute('insert into consents values (?)', what)\n"
            },
        ),
        Example("Given, and no way to take it back", {"people/models.py": _MODEL % "marketing_consent_at"}),
        Example(
            "A newsletter that goes to everybody",
            {
                "app.py": _YES_AND_NO,
                "shop/newsletter.py": "from shop.consent import given\n\ndef send(issue):\n"
                "    for person in everybody():\n"
                "        mailer.send(person, issue)\n",
            },
        ),
        Example(
            "Routes that take a yes and no no",
            {
                "config/routes.rb": "Rails.application.routes.draw do\n  resources :consents, only: %i[index create]\n"
                "end\n",
                "app/controllers/consents_controller.rb": "class ConsentsController < ApplicationController\n"
                "  def create\n"
                "    current_user.consents.create!(purpose: params[:purpose])\n  end\nend\n",
                "app/models/consent.rb": "class Consent < ApplicationRecord\n  validates :purpose, inclusion: "
                "%w[newsletter]\nend\n",
            },
        ),
        Example(
            "The consent screen of an identity provider",
            {"server/consent.go": 'package server\n\nfunc approve() { redirect("/consent") }\n'},
        ),
    ],
)
def consent_given_and_withdrawn(code: Code, schema: Schema, routes: Routes) -> Iterator[Draft]:
    """Consent is stored for a purpose, a screen or endpoint asks for it, and it can be withdrawn."""
    asked = [r for r in routes.routes if _CONSENT_PATH.search(r.path) and r.method.upper() in _WRITES]
    given = code[CONSENT_GIVEN]
    if unasked := _unasked(code):
        yield unsure(f"{unasked.path} sends letters, and is not seen to ask who has agreed to them", unasked)
        return
    if asked and given and not _takes_back(asked, routes, code):
        yield unsure("People can agree by a route; none is seen by which they take it back", asked[0].source)
        return
    if asked and given and (code[CONSENT_PURPOSES] or not any(_PARAMETER.search(r.path) for r in asked)):
        yield passed(
            "People give and take back consent by a route of the product, which keeps it",
            asked[0].source,
            given.first[0],
            confidence="medium",
        )
        return
    columns = [t.at(c) for t in schema.tables for c in t.columns if re.search(STORED, c.title, re.IGNORECASE)]
    stored = columns or list(code[CONSENT_STORED].first)
    screen, withdrawn = code[CONSENT_SCREEN].places, code[CONSENT_WITHDRAWN].places
    if stored and screen and withdrawn:
        yield passed(
            "Consent is stored, asked for and withdrawn", stored[0], screen[0], withdrawn[0], confidence="medium"
        )
    elif stored or withdrawn:
        parts = (("stored", stored), ("asked for on a screen", screen), ("withdrawn", withdrawn))
        missing = " or ".join(name for name, places in parts if not places)
        yield unsure(f"The code does not show where consent is {missing}", *[p[0] for _, p in parts if p])


def _unasked(code: Code) -> Source | None:
    """What sends a newsletter to people, in a file that does not speak of whether they have agreed."""
    asking = code[ASKS_CONSENT].places.files
    letters = code[SENDS_TO_ALL].places.under(lambda path: _LETTERS.search(path) and path not in asking)
    return letters[0] if letters else None


_LETTERS = re.compile(r"newsletter|marketing|campaign|promo", re.IGNORECASE)


def _takes_back(asked: list[Route], routes: Routes, code: Code) -> bool:
    """Whether one of the routes also takes a no: it sets a value, or another one deletes what was given."""
    methods = {route.method.upper() for route in asked}
    gone = any(r.method.upper() == "DELETE" for r in routes.routes if _CONSENT_PATH.search(r.path))
    said = any(_TAKEN_BACK.search(r.path) for r in routes.routes)
    return bool(methods & {"PUT", "PATCH", "ANY"}) or gone or said or bool(code[CONSENT_WITHDRAWN])


_TAKEN_BACK = re.compile(r"withdraw|revoke|unsubscribe|opt[-_]?out|\bstop\b|delete|remove", re.IGNORECASE)


@check(
    "CMP-8.1.2",
    "CMP-8.1.3",
    shows=PASS,
    reads=[EXPORT, ERASURE, NOT_MADE, ONLY_AN_ID, LEFT_OUT],
    clean=[
        Example("Under me", {"app.js": "const app = express()\napp.get('/me/data', all)\n"}),
        Example(
            "Of a customer, by somebody of the office",
            {
                "app.py": "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/customers/<id>/data')\n"
                "def data(id):\n"
                "    return one(id)\n"
            },
        ),
        Example("A job", {"people/tasks.py": "def export_user_data(user_id):\n    return collect(user_id)\n"}),
        Example("An endpoint", {"app.js": "const app = express()\napp.get('/account/export', exportAll)\n"}),
        Example(
            "A procedure",
            {"docs/privacy.md": "# Privacy\n\n## Data subject access requests\n\n" + _PARAGRAPH * 5},
        ),
    ],
    flagged=[
        Example("Data of a machine", {"app.js": "const app = express()\napp.get('/sensors/:id/readings', all)\n"}),
        Example("An export of reports", {"app.js": "const app = express()\napp.get('/reports/data-export', csv)\n"}),
        Example(
            "Not made yet",
            {
                "app.py": "from fastapi import FastAPI\napp = FastAPI()\n\n@app.post('/me/export', status_code=501)\n"
                "def export():\n    return {'detail': 'later'}\n"
            },
        ),
        Example(
            "The id alone",
            {"app.js": "const app = express()\napp.get('/me/export', (req, res) => res.json({ id: req.user }))\n"},
        ),
        Example(
            "Something is left out",
            {"app.js": "const app = express()\n// messages are left out: too many\napp.get('/me/export', all)\n"},
        ),
        Example("Deletion alone", {"people/tasks.py": "def anonymize_user(user_id):\n    wipe(user_id)\n"}),
    ],
)
def access_and_erasure(code: Code, routes: Routes, documents: Documents) -> Iterator[Draft]:
    """People's data can be exported; where they can be deleted is shown, whether all of it goes is not known."""
    routed = [
        r.source
        for r in routes.routes
        if _EXPORT_PATH.search(r.path) and (_OF_A_PERSON.search(r.path) or _OF_A_PERSON.search(r.file))
    ]
    exports = together(routed, code[EXPORT].places)
    procedures = documents.about(
        "subject access", "data subject request", "data subject rights", "data export request", minimum=60
    )
    if lacking := _lacking(exports, code):
        text = f"People's data can be asked for; whether all of it is handed out cannot be told: {lacking.text[:100]}"
        yield unsure(text, lacking, exports, criterion="CMP-8.1.2")
    elif exports:
        yield passed("People's data can be exported", exports, criterion="CMP-8.1.2", confidence="medium")
    elif procedures:
        document, heading = procedures[0]
        yield passed("A procedure says how requests for data are handled", document.at(heading), criterion="CMP-8.1.2")
    erased = [r.source for r in routes.routes if _ERASURE_PATH.search(r.path)]
    deletions = together(erased, code[ERASURE].places)
    if deletions:
        yield unsure(
            "People can be deleted; that no table, file or index keeps their data is not shown",
            deletions,
            criterion="CMP-8.1.3",
        )


def _lacking(exports: Places, code: Code) -> Source | None:
    """What says beside one of *exports* that it hands out nothing, one field, or not all."""
    for hit in exports:
        for signal in (NOT_MADE, ONLY_AN_ID, LEFT_OUT):
            if near := code[signal].within(hit.path, hit.line - _ABOVE, hit.line + _BELOW):
                return near[0]
    return None


_ABOVE, _BELOW = 6, 4


_PUBLISHED = {
    "web/privacy.html": f"<h1>Privacy policy</h1><p>{_PARAGRAPH * 20}</p>",
    "web/footer.html": '<a href="/privacy">Privacy</a>\n',
}


@check(
    "CMP-8.1.4",
    shows=PASS,
    reads=[POLICY_LINK, POLICY_TEXT, POLICY_SAYS, NO_PAGE_FOR_ALL, ROUTE_VOID, ROUTE_SERVED],
    clean=[
        Example(
            "A page, and a link in the footer",
            {
                "web/pages/privacy-policy.html": f"<h1>Privacy policy</h1><p>{_PARAGRAPH * 20}</p>",
                "web/footer.html": '<a href="/privacy-policy">Privacy</a>\n',
            },
        ),
        Example(
            "A short one that says all",
            {
                "web/privacy.html": "<h1>Privacy</h1><p>We keep your name, mail address and orders for as long as you "
                "are a customer and thirty days more. Read or delete them under Me; news come if you ask for them, and "
                "go when you say so. Questions: privacy@shop.dev</p>",
                "web/footer.html": '<a href="/privacy">Privacy</a>\n',
            },
        ),
    ],
    flagged=[
        Example("A link to a page that is not here", {"web/footer.html": '<a href="/privacy-policy">Privacy</a>\n'}),
        Example(
            "A short page that says nothing",
            {
                "web/privacy.html": "<h1>Privacy</h1><p>Your privacy matters to us very much. "
                + "We mean it. " * 20
                + "</p>",
                "web/footer.html": '<a href="/privacy">P</a>\n',
            },
        ),
        Example(
            "A page with nothing on it",
            {"web/privacy.html": "<h1>Privacy</h1>", "web/footer.html": '<a href="/privacy">P</a>\n'},
        ),
        Example(
            "A page for those alone who have logged in",
            {
                **_PUBLISHED,
                "web/urls.py": "urlpatterns = [path('privacy/', login_required(Page.as_view()))]\n",
            },
        ),
        Example(
            "A route that is taken out",
            {
                **_PUBLISHED,
                "web/main.tsx": "const a = <Routes>\n  {/* <Route path='/privacy' element={<P />} /> */}\n</Routes>\n",
            },
        ),
        Example("A page that nothing leads to", {"web/privacy.html": f"<p>{_PARAGRAPH * 20}</p>"}),
    ],
)
def privacy_policy_published(files: Files, code: Code) -> Iterator[Draft]:
    """A privacy policy of substance is among the pages, and other pages lead to it."""
    told = {aside.path for aside in code[POLICY_TEXT].aside} - code[POLICY_TEXT].places.files.keys()
    says = code[POLICY_SAYS].places.files
    pages = [
        f
        for f in files.entries
        if f.role in ("source", "docs", "other", "config")
        and _POLICY_FILE.search(f.path)
        and (f.size >= MIN_POLICY_BYTES or (f.size >= SHORT_POLICY_BYTES and f.path in says))
        and f.path not in told
        and not _TEMPLATE.search(f.path.rpartition("/")[2])
    ]
    links = code[POLICY_LINK].places.under(lambda path: not _NO_PAGE.search(path))
    links = links.first(lambda hit: (_MARKUP.search(hit.path) is None,))
    closed, void, served = code[NO_PAGE_FOR_ALL].places, code[ROUTE_VOID].places, code[ROUTE_SERVED].places
    if pages and links and closed:
        yield unsure(
            f"There is a privacy policy, and {closed[0].path} may show it to those alone who log in", closed[0]
        )
    elif pages and links and void and not served.without(void):
        yield unsure(f"There is a privacy policy, and {void[0].path} has its route taken out", void[0])
    elif pages and links:
        yield passed("A privacy policy is published and linked", source_of(pages[0]), links)
    elif links:
        yield unsure("Pages link to a privacy policy that is not in the repository", links)
    elif pages:
        yield unsure("There is a privacy policy, and no link to it was found", source_of(pages[0]))


@check(
    "CMP-8.1.6",
    shows=PASS,
    reads=[DEADLINE],
    clean=[
        Example(
            "A paragraph",
            {
                "docs/people.md": "# People\n\nBreach: whoever is on duty calls the officer, she tells the authority "
                "within 72 h by form 4, and people by letter (template `breach`).\n"
            },
        ),
        Example(
            "A table",
            {
                "docs/privacy.md": "# Privacy\n\n## Data breach\n\n| Step | Who | Until | By |\n|--|--|--|--|\n"
                "| breach is seen | on call tells the DPO | at once | phone |\n"
                "| authority is told | DPO | 72 hours | form of the authority |\n"
            },
        ),
        Example(
            "Steps, deadline and contacts",
            {
                "docs/breach-notification.md": "# Data breach notification\n\n## Who decides\n\n"
                + _PARAGRAPH * 5
                + "\n## Deadline\n\nThe authority hears of it within 72 hours.\n\n## Contacts\n\n"
                + _PARAGRAPH * 5
            },
        ),
    ],
    flagged=[
        Example("A word in passing", {"SECURITY.md": "# Security\n\nWe take every data breach seriously.\n"}),
        Example("No words ready", {"docs/people.md": "# People\n\nBreach: on call tells the authority within 72 h.\n"}),
        Example("No deadline", {"docs/people.md": "# People\n\nBreach: on call tells the authority by form B-4.\n"}),
        Example(
            "A heading without deadline", {"docs/security.md": "# Security\n\n## Data breach\n\n" + _PARAGRAPH * 9}
        ),
    ],
)
def breach_procedure(documents: Documents, code: Code) -> Iterator[Draft]:
    """What is written of breaches says who acts, until when, whom they tell and in which words."""
    steps = breach_steps(documents)
    if steps is not None and not steps[1]:
        yield passed("What follows a data breach is written down: who, until when, to whom, in which words", steps[0])
        return
    found = _of_substance(documents, 150, "breach notification", "breach-notification", "data breach", "data-breach")
    deadlines = {hit.path: hit for hit in code[DEADLINE].first}
    for document, heading in found:
        if heading is None and document.path in deadlines and len(documents.filled(document)) >= 3:
            yield passed("The procedure for data breaches is documented", document.at(), deadlines[document.path])
            return
    if found:
        document, heading = found[0]
        yield unsure("Breaches have a section; deadline, roles and contacts were not all found", document.at(heading))
    elif steps is not None and len(steps[1]) < _FEW:
        yield unsure(f"What is written of breaches does not say {' or '.join(steps[1])}", steps[0])
    else:
        yield from unjudged(documents, "breach notification", "breach-notification", "data breach", "data-breach")


_FEW = 3
"""Of four things that are asked of a procedure; where more are missing, breaches are only mentioned."""


@check(
    "CMP-8.1.9",
    shows=PASS,
    reads=[DATED],
    clean=[
        Example(
            "An assessment with date and risks",
            {
                "docs/dpia-orders.md": "# Data protection impact assessment: orders\n\nDate: 2026-02-11\n\n## Risks\n\n"
                + _PARAGRAPH * 12
            },
        )
    ],
    flagged=[
        Example(
            "A template", {"docs/dpia-template.md": "# DPIA\n\nDate: 2026-02-11\n\n## Risks\n\n" + _PARAGRAPH * 12}
        ),
        Example(
            "Of a day that has not come",
            {"docs/dpia.md": "# DPIA\n\nDate: 2099-02-11\n\n## Risks\n\n" + _PARAGRAPH * 12},
        ),
        Example(
            "Withdrawn",
            {"docs/dpia.md": "# DPIA (withdrawn)\n\nDate: 2026-02-11\n\n## Risks\n\n" + _PARAGRAPH * 12},
        ),
        Example("Undated", {"docs/dpia.md": "# DPIA\n\n## Risks\n\n" + _PARAGRAPH * 12}),
    ],
)
def impact_assessed(documents: Documents, code: Code, history: History) -> Iterator[Draft]:
    """A dated impact assessment names the risks it found; its day has come."""
    dates = {hit.path: hit for hit in code[DATED].first if any(day <= history.latest for day in days(hit.text))}
    found = _of_substance(documents, 150, "dpia", "protection impact assessment", "privacy impact assessment")
    for document, heading in found:
        risks = any(re.search(r"\brisks?\b", h.text, re.IGNORECASE) for h in documents.filled(document))
        if heading is None and risks and document.path in dates:
            yield passed("An impact assessment has been carried out", document.at(), dates[document.path])
            return
    if found:
        yield unsure("An impact assessment is written, without date or risks", found[0][0].at(found[0][1]))
    else:
        yield from unjudged(documents, "dpia", "protection impact assessment", "privacy impact assessment")


def _of_substance(documents: Documents, minimum: int, *words: str) -> list[tuple[Document, Heading | None]]:
    """Documents and sections about *words* that are no templates, documents of their own first."""
    found = [
        (document, heading)
        for document, heading in documents.about(*words, minimum=minimum)
        if not _TEMPLATE.search(f"{document.path} {document.title}") and "changelog" not in document.path.lower()
    ]
    return sorted(found, key=lambda pair: pair[1] is not None)
