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
    Routes,
    Schema,
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
    CONSENT_GIVEN,
    CONSENT_PURPOSES,
    CONSENT_SCREEN,
    CONSENT_STORED,
    CONSENT_WITHDRAWN,
    DATED,
    DEADLINE,
    ERASURE,
    EXPORT,
    POLICY_LINK,
    POLICY_SAYS,
    POLICY_TEXT,
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
_MODEL = "from django.db import models\n\nclass Person(models.Model):\n    %s = models.DateTimeField(null=True)\n"


@check(
    "CMP-8.1.1",
    shows=PASS,
    reads=[CONSENT_STORED, CONSENT_SCREEN, CONSENT_WITHDRAWN, CONSENT_GIVEN, CONSENT_PURPOSES],
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
                "app.py": "from flask import Flask\napp = Flask(__name__)\n\n@app.put('/me/newsletter')\n"
                "def newsletter():\n"
                "    current_user.newsletter = request.json['yes']\n"
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
            "The consent screen of an identity provider",
            {"server/consent.go": 'package server\n\nfunc approve() { redirect("/consent") }\n'},
        ),
    ],
)
def consent_given_and_withdrawn(code: Code, schema: Schema, routes: Routes) -> Iterator[Draft]:
    """Consent is stored for a purpose, a screen or endpoint asks for it, and it can be withdrawn."""
    asked = [r for r in routes.routes if _CONSENT_PATH.search(r.path) and r.method.upper() in _WRITES]
    given = code[CONSENT_GIVEN]
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


@check(
    "CMP-8.1.2",
    "CMP-8.1.3",
    shows=PASS,
    reads=[EXPORT, ERASURE],
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
    if exports:
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


@check(
    "CMP-8.1.4",
    shows=PASS,
    reads=[POLICY_LINK, POLICY_TEXT, POLICY_SAYS],
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
    if pages and links:
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
