"""Judges what the repository shows of security compliance (8.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from orchestrator import (
    BOTH,
    PASS,
    Code,
    Document,
    Documents,
    Draft,
    Example,
    Files,
    Heading,
    Infrastructure,
    Kubernetes,
    Paragraph,
    Signal,
    Source,
    Status,
    Typed,
    check,
    examined,
    passed,
    source_of,
    unjudged,
    unsure,
)

from . import privileges
from ._policies import headings_of, of_substance

REPORT = Signal(
    id="compliance.report-channel",
    pattern=r"^(?=.*(?:advisories|report|email|e-mail|mailto:|contact|security@|write to))"
    r".*(?:[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}|security/advisories|report\w* (a |security |the )*(vulnerabilit|issue))",
    roles=("docs",),
    comments=True,
)
SEVERITY = Signal(
    id="compliance.severity",
    pattern=r"\bcvss\b|\bseverit(y|ies)\b|\bcritical\b.{0,80}\b(high|medium|days|hours)\b",
    roles=("docs",),
    comments=True,
)
DEADLINE = Signal(
    id="compliance.deadline",
    pattern=r"(?<![\d,.])\b(\d{1,3}|one|two|three|five|seven|ten|thirty|ninety)[- ](business |working |calendar )?"
    r"(hours?|days?|weeks?|months?)\b",
    roles=("docs",),
    comments=True,
)
SUSPENDED = Signal(
    id="compliance.process-not-in-force",
    pattern=r"\bsuspended\b|\buntil further notice\b|\bno deadlines?\b|"
    r"when (?:somebody|someone|anybody|we|they) (?:has|have|finds?) time|"
    r"\b(?:do(?:es)? not|no longer) (?:hold|apply)\b|\bnot in force\b",
    roles=("docs",),
    comments=True,
)
"""Where a document says of its own process that it does not hold, or that nothing is due."""
NOBODY_APPROVES = Signal(
    id="compliance.no-approval-asked",
    pattern=r"approv\w{0,30}\s{0,3}[=:]\s{0,3}[\"']?0\b|reviewer_count\s{0,3}=\s{0,3}0\b",
    roles=("source", "infra", "config", "ci", "other"),
)
LATE = Signal(
    id="compliance.deadline-of-years",
    pattern=r"\b(?:fix|mend|patch|resolv|remediat|clos)\w{0,6}\b.{0,80}\b(?:\d{1,3},\d{3}|[4-9]\d{2}|\d{4,6}) "
    r"(?:working |business )?days\b",
    roles=("docs",),
    comments=True,
)
OWNER = Signal(
    id="compliance.owner",
    pattern=r"\b(security |response |core |platform )?(team|maintainers?|owners?|engineers?)\b|\bresponsible\b",
    roles=("docs",),
    comments=True,
)
_SENTENCE = "The engineer on duty decides within the hour and writes down each step that was taken and why. "
_POLICY = re.compile(r"(^|/)(security|vulnerability[\w-]*|[\w-]*security[-_]policy)\.(md|rst|adoc|txt)$", re.IGNORECASE)
_OWN_PLAN = re.compile(r"(^|/)(security|runbooks?|incidents?|operations|on-?call)(/|\.\w+$)", re.IGNORECASE)
_TOPICS = (
    ("roles", r"role|responsib|team|who\b|owner"),
    ("severities", r"severit|classif|priorit|level|triage"),
    ("contacts", r"contact|escalat|communicat|on-?call|notif"),
    ("steps", r"contain|respon[ds]|recover|eradicat|mitigat|procedure|step|detect|investigat"),
)
_ROLE = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: app}\n"
    "rules:\n  - {apiGroups: [''], resources: [configmaps], verbs: [get]}\n"
)
_ADMIN = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: app}\n"
    "roleRef: {kind: ClusterRole, name: cluster-admin}\n"
)
_ACCESS = {"docs/security/access-control.md": "# Access control\n\n## Roles\n\n" + _SENTENCE * 8}
_GRANTS = Typed("resources/grants")
_GIVEN = ("policy", "member", "assignment")
"""Kinds of grants that say who may do what."""


@check(
    "CMP-8.2.1",
    shows=BOTH,
    reads=[privileges.WRITE_ALL, privileges.OWNS_ALL],
    clean=[Example("Written down, and narrow in code", {**_ACCESS, "k8s/role.yaml": _ROLE})],
    flagged=[
        Example("A workload that may do everything", {**_ACCESS, "k8s/admin.yaml": _ADMIN}),
    ],
    silent=[
        Example("Only written down", _ACCESS),
        Example("Only in code", {"k8s/role.yaml": _ROLE}),
    ],
)
def access_controlled(
    documents: Documents, infrastructure: Infrastructure, kubernetes: Kubernetes, code: Code
) -> Iterator[Draft]:
    """Access is documented, and the roles that the code declares are narrow."""
    judged = privileges.privileges_are_narrow.function(infrastructure, kubernetes, code)
    broad = [d for d in judged if d.status is Status.FAIL]
    if broad:
        message = f"Least privilege is not kept: {broad[0].message}"
        yield replace(broad[0], message=message, remedy="", confidence="high", measure=None)
        return
    roles = kubernetes.of("Role", "ClusterRole")
    given = [
        b for b in _GRANTS.among(infrastructure, *_GIVEN) if _GRANTS.kind(b) == "policy" or _GRANTS.value(b, "role")
    ]
    grants = [b.at() for b in given] + [r.at("rules") for r in roles]
    written = of_substance(documents, 80, "access control", "access-control", "access policy", "access management")
    if written and grants:
        yield passed(
            "Access is documented, and the grants in code are narrow",
            written[0][0].at(written[0][1]),
            *grants,
            examined(len(grants), "roles and policies"),
            confidence="medium",
        )
    elif grants:
        yield unsure("Grants in code are narrow; no document says who may do what", *grants)


@check(
    "CMP-8.2.2",
    shows=PASS,
    clean=[
        Example(
            "Roles, severities, contacts and steps",
            {
                "docs/incident-response.md": "# Incident response plan\n\n"
                + "".join(
                    f"## {title}\n\n{_SENTENCE * 4}\n\n"
                    for title in ("Roles", "Severity levels", "Contacts", "Containment")
                )
            },
        )
    ],
    flagged=[
        Example("A word in passing", {"SECURITY.md": "# Security\n\nIncident response is taken seriously here.\n"}),
        Example(
            "A plan without contacts and severities",
            {"docs/incident-response.md": "# Incident response\n\n## Steps\n\n" + _SENTENCE * 12},
        ),
    ],
)
def incident_plan(documents: Documents) -> Iterator[Draft]:
    """An incident response plan has sections on roles, severities, contacts and steps."""
    found = of_substance(
        documents,
        120,
        "incident response",
        "incident-response",
        "incident management",
        "incident-management",
        "security incident",
    )
    partial: tuple[Document, Heading | None, str] | None = None
    for document, heading in found:
        inside = documents.filled(document, heading)
        missing = [name for name, words in _TOPICS if not any(re.search(words, h.text, re.IGNORECASE) for h in inside)]
        if not missing:
            yield passed(
                "The plan for security incidents is written down",
                document.at(heading),
                *[document.at(h) for h in inside],
            )
            return
        if heading is None or _OWN_PLAN.search(document.path):
            partial = partial or (document, heading, " and ".join(missing))
    if partial:
        yield unsure(f"A plan for incidents has no section on {partial[2]}", partial[0].at(partial[1]))
    elif not found:
        yield from unjudged(documents, "incident response", "incident-response", "incident management")


@check(
    "CMP-8.2.3",
    shows=PASS,
    reads=[REPORT, SEVERITY, DEADLINE, OWNER, LATE, SUSPENDED],
    clean=[
        Example(
            "In a paragraph of another document",
            {"docs/data.md": "# Data\n\nHoles: security@shop.dev, answer in a day; critical 2 days, high 7; Kim.\n"},
        ),
        Example(
            "A table",
            {
                "SECURITY.md": "# Reporting\n\nWrite to security@shop.dev.\n\n| Severity | Fixed within | Who |\n"
                "|---|---|---|\n| critical | 2 days | on duty |\n| high | 7 days | developers |\n"
            },
        ),
        Example(
            "How to report, severities, deadlines and who",
            {
                "SECURITY.md": "# Security\n\n## Reporting\n\nWrite to security@shop.dev.\n\n## Handling\n\n"
                "The security team rates each report by severity with CVSS.\n"
                "Critical and high ones are mended within 7 days, all others within 30 days.\n"
            },
        ),
    ],
    flagged=[
        Example(
            "Nobody owns them",
            {"docs/data.md": "# Data\n\nHoles: security@shop.dev, 2 days to answer; critical 2, high 7 days.\n"},
        ),
        Example(
            "Suspended",
            {
                "docs/security.md": "# Vulnerabilities\n\n> Suspended until further notice: nobody is left.\n\n"
                "Holes: security@shop.dev, answer in a day; critical 2 days, high 7; Kim.\n"
            },
        ),
        Example(
            "Days of no sense",
            {"SECURITY.md": "# Security\n\nsecurity@shop.dev. Critical in 900 days, high in 999. Owner: Kim.\n"},
        ),
        Example(
            "Only an address",
            {"SECURITY.md": "# Security\n\nPlease write to security@shop.dev, we answer within 48 hours.\n"},
        ),
    ],
)
def vulnerability_process(documents: Documents, files: Files, code: Code) -> Iterator[Draft]:
    """The security policy says how to report, how severe, until when, and who mends."""
    best_told: tuple[Source, list[str]] | None = None
    for document, paragraph, text in _of_holes(documents):
        missing = [name for name, pattern in _ASKED if not pattern.search(text)]
        at = Source(path=document.path, line=paragraph.line)
        if not missing and (void := code[SUSPENDED].within(document.path)):
            yield unsure(f"{document.path} says itself that it does not hold: {void[0].text[:100]}", void[0])
            return
        if not missing and not _LATE.search(text):
            scanned = files.matching("/.github/dependabot.y*ml", "renovate.json*", ".snyk", ".trivyignore")
            yield passed("The process for vulnerabilities is defined", at, *[source_of(f) for f in scanned])
            return
        if best_told is None or len(missing) < len(best_told[1]):
            best_told = at, missing
    policies = [d for d in documents.every() if _POLICY.search(d.path) and d.words >= 15 and d.path.count("/") <= 3]
    wanted = (("the way to report", REPORT), ("severities", SEVERITY), ("deadlines", DEADLINE), ("owners", OWNER))
    scans = files.matching("/.github/dependabot.y*ml", "renovate.json*", ".snyk", ".trivyignore")
    best: tuple[Document, list[str]] | None = None
    for policy in policies:
        places = {name: code[signal].within(policy.path) for name, signal in wanted}
        missing = [name for name, found in places.items() if not found]
        if late := code[LATE].within(policy.path):
            yield unsure(f"{policy.path} has a deadline of years: {late[0].text}", late[0])
            return
        if not missing and (void := code[SUSPENDED].within(policy.path)):
            yield unsure(f"{policy.path} says itself that it does not hold: {void[0].text[:100]}", void[0])
            return
        if not missing:
            shown = list(dict.fromkeys(found[0] for found in places.values()))
            yield passed("The process for vulnerabilities is defined", *shown, *[source_of(f) for f in scans])
            return
        if len(missing) < min(len(wanted), len(best[1]) if best else len(wanted)):
            best = (policy, missing)
    if best:
        yield unsure(f"{best[0].path} does not speak of {' and '.join(best[1])}", best[0].at())
    elif best_told and 0 < len(best_told[1]) < len(_ASKED) - 1:
        yield unsure(f"What is written of vulnerabilities does not speak of {' and '.join(best_told[1])}", best_told[0])


_HOLES = re.compile(
    r"security@|\bvulnerabilit\w+|\b(?:security )?holes?\b|\breports? (?:a |any )?security|security/advisories",
    re.IGNORECASE,
)
_SECURITY_FILE = re.compile(r"(^|/)(?:security|vulnerabilit[\w-]*)\.(?:md|rst|adoc|txt)$|(^|/)security$", re.IGNORECASE)
_ASKED = (
    (
        "the way to report",
        re.compile(
            r"[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}|advisories/new|\breport(?:s|ing)?\b.{0,80}(?:form|advisor|https?://)"
        ),
    ),
    (
        "deadlines for critical ones",
        re.compile(r"\bcritical\b.{0,40}?\b\d{1,3} ?(?:h\b|hours?|d\b|days?|working)", re.IGNORECASE | re.DOTALL),
    ),
    (
        "deadlines for others",
        re.compile(r"\b(?:high|medium|others?|rest|all)\b.{0,30}?\b(?:\d{1,3}|next)\b", re.IGNORECASE | re.DOTALL),
    ),
    (
        "who mends",
        re.compile(
            r"(?i:\b(?:owners?|who|team|maintainers?|officer|on[- ]?duty|on[- ]call|developers?|engineers?|responsible|"
            r"whoever)\b)|(?:[.;,] |\n|^)[A-Z][a-z]{1,20}(?: [A-Z][a-z]+)?\.?\s*$"
        ),
    ),
)
_LATE = re.compile(r"\bcritical\b.{0,40}?\b(?:[2-9]\d{2}|\d{4,}) ?days?\b", re.IGNORECASE)


def _of_holes(documents: Documents) -> Iterator[tuple[Document, Paragraph, str]]:
    """What is written of vulnerabilities: all of a policy, or what a paragraph says of them."""
    for document in documents.every():
        if _SECURITY_FILE.search(document.path) and document.paragraphs and document.path.count("/") <= _DEEPEST:
            yield document, document.paragraphs[0], "\n".join(paragraph.words for paragraph in document.paragraphs)
    yield from documents.segments(_HOLES, "vulnerabilit", "security")


_DEEPEST = 3


_PROPOSAL = re.compile(r"contributing|governance|change[-_]?management", re.IGNORECASE)
_APPROVAL = (
    r"code reviews?\b|\breview(ing|s|ers?)?( process| policy| guidelines| pull requests?)?$|approv|\bmerg(e|ed|ing)\b"
)
_RELEASE = (
    r"^(how to |making |cutting |creating |publishing )?(an? )?(new )?releas(e|es|ing)( process| procedure| steps)?$|"
    r"release (process|procedure)|^publishing$|deploy(ing|ment)? (process|procedure)"
)


_STEPS = (
    re.compile(r"\b(?:pull|merge) requests?\b|\bbranch\b[,;:]", re.IGNORECASE),
    re.compile(
        r"\b(?:one|two|three|\d|an?) (?:\w+ )?(?:approvals?|reviews?)\b|\b(?:approved|reviewed) by\b|\bapproval of\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:production|releases?|tags?|deploy\w*)\b.{0,80}\b(?:approv\w+|captain|released|waits?|owner|manager|by)\b"
        r"|\bmerging releases\b",
        re.IGNORECASE,
    ),
)
"""How a change is proposed, who lets it in, and how it gets out."""
_LEAST_OWNERS = 5
_OWNERS = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
"""Where the file has an effect."""


@check(
    "CMP-8.2.4",
    shows=PASS,
    reads=[NOBODY_APPROVES],
    clean=[
        Example(
            "In a paragraph",
            {
                "docs/ops.md": "# Ops\n\nChanges: pull request, one approval, green build (branch policy of `main`); "
                "production is approved by the product owner.\n"
            },
        ),
        Example(
            "By merge request",
            {
                "CONTRIBUTING.md": "# Contributing\n\nMerge request, two approvals. Tags are made by the release "
                "captain from green `main`.\n"
            },
        ),
        Example(
            "Proposed, approved and released",
            {
                "CONTRIBUTING.md": "# Contributing\n\n"
                + _SENTENCE * 6
                + "\n\n## Code review\n\n"
                + _SENTENCE * 3
                + "\n\n## Releasing\n\n"
                + _SENTENCE * 3,
                ".github/CODEOWNERS": "* @shop/core\n",
            },
        ),
    ],
    flagged=[
        Example("No word of releases", {"CONTRIBUTING.md": "# Contributing\n\nPull request, one approval, please.\n"}),
        Example(
            "The branch asks for no approval",
            {
                "CONTRIBUTING.md": "# Contributing\n\nMerge request, two approvals. Tags are made by the release "
                "captain from green `main`.\n",
                "github.tf": 'resource "github_branch_protection" "main" {\n  required_pull_request_reviews {\n'
                "    required_approving_review_count = 0\n  }\n}\n",
            },
        ),
        Example("Nobody has to approve", {"CONTRIBUTING.md": "# Contributing\n\n" + _SENTENCE * 8}),
        Example("Owners and no process", {".github/CODEOWNERS": "* @shop/core\n"}),
    ],
)
def change_process(documents: Documents, files: Files, code: Code) -> Iterator[Draft]:
    """It is written how changes are proposed, approved and released, and owners are named."""
    if none := code[NOBODY_APPROVES].places:
        yield unsure(f"{none[0].path} asks for no approval, whatever is written of changes", none[0])
        return
    for document, paragraph in documents.paragraphs("change", "contribut"):
        if all(asked.search(paragraph.words) for asked in _STEPS):
            at = Source(path=document.path, line=paragraph.line)
            holders = [f for f in files.named("CODEOWNERS") if f.path in _OWNERS and f.size > _LEAST_OWNERS]
            yield passed("How changes are proposed, approved and released is written", at, *map(source_of, holders))
            return
    proposed = [d for d in documents.every() if _PROPOSAL.search(d.path) and d.words >= 60]
    approved = headings_of(documents, _APPROVAL)
    released = headings_of(documents, _RELEASE)
    owners = [f for f in files.named("CODEOWNERS") if f.path in _OWNERS and f.size > 5]
    if proposed and approved and released and owners:
        yield passed(
            "Changes are proposed, approved and released by a written process",
            proposed[0].at(), approved[0], released[0], source_of(owners[0]), confidence="medium",
        )  # fmt: skip
    elif proposed:
        parts = (
            ("how they are approved", approved),
            ("how they are released", released),
            ("who owns what (CODEOWNERS)", owners),
        )
        missing = ", ".join(name for name, found in parts if not found)
        yield unsure(f"{proposed[0].path} says how changes are proposed; not found: {missing}", proposed[0].at())
