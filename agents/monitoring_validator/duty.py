"""Reads who is on duty and who is called next from what people have written down: rota, escalation, objectives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from orchestrator import (
    BOTH,
    PASS,
    Document,
    Documents,
    Draft,
    Example,
    History,
    Source,
    check,
    days,
    failed,
    measured,
    passed,
    unsure,
)

_DUTY = re.compile(
    r"\bon[- ]?call\b|\bon duty\b|\bduty\b|\brotas?\b|\brotation\b|\bpager(?:duty)?\b|\bopsgenie\b|\bvictorops\b"
    r"|\bsquadcast\b|\bstand-?by\b|\bescalat|\bgoalert\b|\bgrafana oncall\b|\bincident\.io\b|\bduties\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\bweekly\b|\bweek by week\b|\bby (?:the )?week\b|\b(?:in|by) turns?\b|\bweeks? from\b|\b(?:odd|even) weeks?\b"
    r"|\b(?:each|every|one|per|a) (?:week|fortnight|day)\b|\bevery (?:two|2) weeks\b|\b(?:bi-?weekly|fortnightly|"
    r"daily)\b"
    r"|\brotat\w+|\bhand(?:s|ed)?[- ]?(?:over|off)\b|\btakes? over\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b,?\s*(?:at\s*)?\d{1,2}(?:[:.]\d\d|\s?[ap]m)\b"
    r"|\bmon,?\s*(?:at\s*)?\d{1,2}[:.]\d\d\b|\bweek of\b|\|\s*weeks?\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:no|without(?: any)?|has no) gaps?\b|\bgap-?less\b|\b24\s?[/x×]\s?7\b|\b7\s?[/x×]\s?24\b|\bround the clock\b"
    r"|\baround[- ]the[- ]clock\b|\bday and night\b|\bnights? and weekends? (?:are )?(?:included|covered)\b"
    r"|\b(?:filled|complete|list(?:ed)?|planned|set|booked|full|staffed|covers?|covered)\b[^.;\n]{0,30}"
    r"\b(?:until|till|up to|to|into|through|for)\b\s+(?:the\s+)?(?:end of\s+)?(?:\d{4}|[A-Z][a-z]{2,}|a year|next)"
    r"|\buntil\s+(?:the\s+)?(?:end of\s+)?(?:\d{4}-\d\d|[A-Z][a-z]{2,8}\b)|\bat every hour\b|\ball hours\b"
    r"|\bmonday\s+\d[\d:.]*\s*(?:to|until|[-–])\s*monday\b|\bfollow[- ]the[- ]sun\b",
    re.IGNORECASE,
)
_ODD_EVEN = re.compile(r"\bodd\b.{0,80}\beven\b|\beven\b.{0,80}\bodd\b", re.IGNORECASE | re.DOTALL)
_NOBODY = re.compile(
    r"\b(?:there is|there's|we have|we've got|have|has) no (?:formal |real |fixed )?(?:on[- ]?call|rota|rotation|"
    r"pager|duty)\b"
    r"|\bno(?:body| one) is (?:on[- ]?call|on duty|paged|called)\b"
    r"|\b(?:nights?|weekends?|evenings?|holidays?)(?: and (?:nights?|weekends?))? (?:are|is) (?:not|"
    r"un)\s?-?(?:covered|staffed)\b"
    r"|\bno on[- ]?call (?:rotation|rota|duty|schedule)?\s*(?:exists|yet|at the moment|so far)\b"
    r"|\b(?:isn't|is not|are not|aren't) (?:anybody|anyone|on[- ]?call)\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:office|business|working|work) hours\b|\bbest[- ]effort\b|\bweekdays? only\b|\bmon(?:day)?\s?(?:-|–|"
    r"to)\s?fri(?:day)?\b"
    r"|\b(?:9|09)(?::00)?\s?(?:-|–|to)\s?(?:17|18|5|6)(?::00)?\b|\bwhoever\b|\bnot (?:yet )?(?:filled|staffed|set up)\b"
    r"|\bgaps? (?:at|on|in|from|between)\b|\bwill be\b|\bto be (?:named|found|filled|hired)\b|\bplanned for\b|"
    r"\bis planned\b"
    r"|\bwe (?:plan|intend|want) to (?:have|set|start|introduce)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})\s+(?:\w+\s)?"
    r"(?:people|persons|engineers|developers|responders|members|of us|colleagues|operators|admins)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\bprimary\b.{0,60}\bsecondary\b|\bfirst\b.{0,40}\bsecond(?:ary)? (?:responder|line|on[- ]call)\b", re.I | re.S
)
_DATED_NAME = re.compile(
    r"(?:\d{4}-\d\d-\d\d|\b\d{1,2}\.?\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?(?:\s\d{4})?"
    r"|\b(?:CW|KW|W|week)\s?\d{1,2})\s*[:|,-]?\s*(?:[\w -]{1,20}:\s*)?((?:dev\s|@)?[A-Za-z][\w.-]{0,24})",
)
_WEEK_NAME = re.compile(r"@?([A-Z][\w.-]{1,24})(?:\s\(|:\s?|\s)(?:odd|even)\b")
_SPLIT = re.compile(r"\s*(?:,|/|\band\b|&|→|->|;|\|)\s*")
_NAME = re.compile(r"(?:@[\w.-]{2,30}|[A-Z][a-zà-ÿ]{1,14}(?:\s[A-Z]\.?)?|[A-Z])$")
_NO_NAME = frozenset({
    "Monday", "Mondays", "Tuesday", "Tuesdays", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Sundays",
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep",
    "Oct", "Nov", "Dec", "UTC", "CET", "CEST", "PagerDuty", "Opsgenie", "OpsGenie", "Grafana", "Slack", "Rota",
    "Duty", "On", "Weekly", "Primary", "Secondary", "Week", "Who", "Schedule", "Terraform", "Teams", "Jira",
    "Alertmanager", "Pager", "Rotation", "Escalation",
})  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One section of a document that speaks of duty, with the words by which it is called."""

    document: Document
    line: int
    text: str
    title: str

    @property
    def at(self) -> Source:
        return Source(path=self.document.path, line=self.line or 1)


def about_duty(documents: Documents) -> list[Said]:
    """The sections that speak of who is called, in the order of their documents."""
    found = []
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        for passage in document.passages:
            title = f"{document.path} {document.title} {titles.get(passage.line, '')}"
            if _DUTY.search(passage.text) or _DUTY.search(title.replace("_", " ").replace("/", " ")):
                found.append(Said(document, passage.line, passage.text, title))
    return found


def people(text: str) -> int:
    """How many people take turns by *text*; 0 where it names none."""
    spoken = [line for line in _SENTENCE.split(text) if _DUTY.search(line) or _TURNS.search(line)]
    if counted := next(filter(None, map(_COUNTED.search, spoken)), None):
        number = counted[1].lower()
        many = int(number) if number.isdecimal() else _NUMBERS.index(number) + 2
        return many if many <= _MANY else 0
    dated = {name.strip().lower() for name in _DATED_NAME.findall(text)}
    weekly = set(_WEEK_NAME.findall(text))
    listed = max((_run(line) for line in re.split(r"[.\n](?:\s|$)", text)), default=0)
    return max(len(dated), len(weekly), listed, 2 if _PAIR.search(text) else 0)


_MANY = 40
"""More people than take turns anywhere: what is counted are users."""
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _run(sentence: str) -> int:
    """The most different names that stand in a row in *sentence*."""
    most, row = 0, set[str]()
    for piece in _SPLIT.split(sentence):
        words = piece.strip(" :()[]*_`'\"-").split(": ")[-1]
        if _NAME.match(words) and words not in _NO_NAME:
            row.add(words)
            most = max(most, len(row))
        elif (last := words.rpartition(" ")[2]) and _NAME.match(last) and last not in _NO_NAME:
            row = {last}
        else:
            row = set()
    return most


_ROTA = (
    '# On call\n\nPagerDuty schedule "shop", weekly from Monday 09:00: Ann, Bob, Cyd; no gaps, filled until March.\n%s'
)


@check(
    "OBS-4.3.4",
    shows=BOTH,
    clean=[
        Example("three people by week, filled for months", {"docs/on-call.md": _ROTA % ""}),
        Example(
            "two people in odd and even weeks",
            {
                "README.md": "# Shop\n\n## Duty\n\nAnn (odd weeks), Bob (even weeks), Mondays 8:00, both reached "
                "by the pager.\n"
            },
        ),
        Example(
            "a table of weeks",
            {
                "docs/rota.md": "# On-call rota\n\nHandover on Monday 10:00, around the clock.\n\n| Week of | "
                "Primary |\n"
                "|---|---|\n| 2026-11-23 | ann |\n| 2026-11-30 | bob |\n| 2026-12-07 | cyd |\n"
            },
        ),
        Example(
            "a list in AsciiDoc",
            {
                "docs/operations.adoc": "= Operations\n\n== On-call\n\n* Rotation: weekly, Mon 10:00, @ann, "
                "@bob, @cyd\n"
                "* 24/7, two weeks ahead in Opsgenie\n"
            },
        ),
    ],
    flagged=[
        Example(
            "nobody at night",
            {
                "docs/operations.md": "# Operations\n\nThere is no on-call rotation. Nights and weekends are not "
                "covered.\n"
            },
        ),
    ],
    silent=[
        Example("in office hours", {"docs/on-call.md": _ROTA % "\nIn business hours only.\n"}),
        Example(
            "people who are not on call",
            {
                "docs/how-we-work.md": "# How we work\n\nDuty: list by week in the shared calendar (full until March).\n"
                "Load: a sale on staging, 2026-10-24, in the weekly run: 900 people, p95 0.5 s.\n"
            },
        ),
        Example("one person", {"docs/on-call.md": (_ROTA % "").replace("Ann, Bob, Cyd", "Ann")}),
        Example(
            "a rota that is still to come",
            {"docs/on-call.md": "# On call\n\nA weekly rotation of Ann, Bob and Cyd is planned for March.\n"},
        ),
    ],
)
def rota_in_words(documents: Documents, history: History) -> Iterator[Draft]:
    """A document says who takes turns, when they hand over, and that no hour is without anybody."""
    said = about_duty(documents)
    for one in said:
        if found := _NOBODY.search(one.text):
            yield failed(f"{one.document.path} says '{' '.join(found[0].split())}'", one.at)
            return
    for one in said:
        number = people(one.text)
        if number < 2 or not _TURNS.search(one.text) or not _DUTY.search(f"{one.title} {one.text}"):
            continue
        named = {name.lower() for name in _DATED_NAME.findall(one.text)}
        whole = _WHOLE.search(one.text) or _ODD_EVEN.search(one.text) or len(named) >= 2
        limited = _LIMITED.search(one.text)
        if whole and not limited and not _over(one.text, history):
            yield passed(
                f"{one.document.path} names {number} people who take turns, without gaps",
                one.at,
                measure=measured("people in the rotation", number, at_least=2),
                confidence="medium",
            )
        else:
            why = f"it says '{limited[0]}'" if limited else "whether there are gaps cannot be told"
            yield unsure(f"{one.document.path} names people who take turns; {why}", one.at)
        return


def _over(text: str, history: History) -> bool:
    """Whether every day that a rota names was long before the reviewed commit."""
    said = [line for line in _SENTENCE.split(text) if _DUTY.search(line) or _DATED_NAME.search(line)]
    found = [] if _MONTH_TO_COME.search(text) else days("\n".join(said))
    return bool(found and history.last_at) and max(found) + timedelta(days=_FRESH) < history.latest


_FRESH = 31
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_MONTH_TO_COME = re.compile(
    r"\b(?:filled|complete|list|planned|booked|until|full)\b[^.;\n]{0,30}\b(?:to|until|till|into|through|for)\b\s+"
    r"(?:the end of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|a year)",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"(?:(?P<n>\d{1,5})\s?(?P<unit>min(?:ute)?s?\b|m\b|h(?:ours?)?\b|days?\b)|(?P<bare>\d{1,3})(?=\s*(?:→|->|:)|[;,.:]|\s+then\b|$))",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\bnext\b|\bsecond(?:ary)?\b|\bother\b|\bescalat|\bthen\b|→|->|\bcalls?\b|\bpages?\b|\bunack\w*|\bnot ack\w*"
    r"|\bno (?:answer|ack\w*|response)\b|\bwithout (?:an )?(?:answer|ack\w*|response)\b|\bmanager\b|\blead\b|"
    r"\bhead of\b"
    r"|\bbackup\b|\btier\b|\blevel 2\b|\bL2\b",
    re.IGNORECASE,
)
_UNACKED = re.compile(
    r"\backnowledg|\bunack|\banswer|\bno response|\bescalat|\bnext\b|\bsecond(?:ary)?\b|\bthe other\b|\bnobody\b|→|->",
    re.IGNORECASE,
)
_UNACKED_NEAR = re.compile(r"\backnowledg|\bunack|\bno answer|\bescalat|\bthe (?:next|second|other)\b", re.IGNORECASE)
_NEVER = re.compile(
    r"\b(?:no|without) escalation\b|\bnothing (?:escalates|notices)\b|\bno(?:body| one) (?:else )?is (?:called|"
    r"paged) (?:next|after)\b"
    r"|\bescalation (?:is|does) not\b",
    re.IGNORECASE,
)
_MOST = 60.0
_PER = {"m": 1.0, "h": 60.0, "d": 1440.0}


def delays(text: str) -> list[float]:
    """After how many minutes the next is called, by each sentence of *text* that says so."""
    found: list[float] = []
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z@`*\"])|\n\s*\n|\n(?=\s*[-*|+])", text):
        timed = [m for m in _DELAY.finditer(sentence) if m["unit"]]
        if not timed or not _UNACKED.search(sentence):
            continue
        for match in _DELAY.finditer(sentence):
            near = sentence[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            slow = match["unit"] and match["unit"][0].lower() in "hd"
            if match["unit"] and (_UNACKED_NEAR if slow else _NEXT).search(near):
                found.append(float(match["n"]) * _PER[match["unit"][0].lower()])
            elif match["bare"] and found and re.match(r"\s*(?:→|->|:|,?\s*then\b)", sentence[match.end() :]):
                found.append(float(match["bare"]))
    return found


_NEAR = 60
_CALLED = (
    "# On call\n\nThe pager calls the person on duty; not acknowledged in %s: the second; in 25 minutes: the lead.\n"
)


@check(
    "OBS-4.3.5",
    shows=PASS,
    clean=[
        Example("ten minutes, then the second", {"docs/on-call.md": _CALLED % "10 minutes"}),
        Example(
            "with arrows",
            {"ops.md": "# Ops\n\nRota in the pager: Ann, Bob. 8 min → next; 20 → the head of platform.\n"},
        ),
        Example(
            "as a list",
            {
                "docs/oncall.md": "# Escalation policy\n\n- 0 min: primary on-call\n- after 5 minutes without "
                "acknowledgement: "
                "secondary\n- after 15 minutes: engineering manager\n"
            },
        ),
    ],
    flagged=[
        Example("no word of minutes", {"docs/on-call.md": _CALLED.replace("in 25 minutes", "later") % "time"}),
        Example("after days", {"docs/on-call.md": (_CALLED % "3 days").replace("25 minutes", "9 days")}),
        Example(
            "minutes of something else",
            {"docs/on-call.md": "# On call\n\nThe rota hands over on Mondays. A rollback takes 4 minutes.\n"},
        ),
    ],
)
def escalation_in_words(documents: Documents) -> Iterator[Draft]:
    """A document says after how many minutes without an answer the next person is called."""
    for one in about_duty(documents):
        if _NEVER.search(one.text):
            return
    said = [(one, [delay for delay in delays(one.text) if delay]) for one in about_duty(documents)]
    soon = [(one, found) for one, found in said if found and max(found) <= _MOST]
    late = [(one, found) for one, found in said if found and max(found) > _MOST]
    if soon:
        one, found = soon[0]
        yield passed(
            f"{one.document.path} calls the next after {min(found):g} minutes",
            one.at,
            measure=measured("minutes until the next is called", min(found), at_most=_MOST),
            confidence="medium",
        )
    elif late:
        one, found = late[0]
        yield unsure(f"{one.document.path} calls the next after as much as {max(found):,.0f} minutes", one.at)
