"""Keeps what prose tells of trials that were run: instances that came and went, standbys promoted, data restored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...redaction import cut
from ..facts.documents import Heading, Measured
from ..inforce.dates import parted, spans
from ._dated_sections import dated_sections

MAX_MEASURED = 80
"""So many of one document are kept."""
_LONGEST = 1_000
"""Characters of a line that are looked at."""
_UNIT = (
    r"(?:réplicas?|répliques?|instancias?|instanzen|instâncias?|tareas?|tâches|hosts?|units?|pods?|tasks?|replicas?|instances?|allocs?|allocations?|machines?|containers?|workers?|dynos?|nodes?|servers?|"
    r"concurrent(?: executions)?|concurrency|environments?|vms?|gunicorns?|processes)"
)
_COLUMN = re.compile(
    rf"^\W*(?:number of |running |active |max(?:imum)? |peak )?(?:[a-z]{{2,12}} )?{_UNIT}\W*$", re.IGNORECASE
)
_STEP = r"\s{0,2}(?:→|⟶|➜|->|=>|–>|to|a|à|auf)\s{0,2}"
_CHANGE = re.compile(
    rf"(?<![\d.,:])(\d{{1,5}}){_STEP}(\d{{1,5}})(?:{_STEP}(\d{{1,5}}))?(?![\d.,]?\d|\s?(?:%|ms\b|s\b|/s))"
)
_IN_PROSE = re.compile(
    rf"(?:{_CHANGE.pattern})\s{{0,2}}(?:[a-z-]{{1,12}}\s){{0,2}}{_UNIT}\b"
    rf"|\b{_UNIT}\s(?:[a-z,-]{{1,14}}\s){{0,4}}?(?:from\s)?(?:{_CHANGE.pattern})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\D{0,6}(\d{1,5})\D{0,6}$")
_CROSSED = re.compile(
    r"\b(?:cpu|memory|utili[sz]ation|load|target|threshold|concurrency|queue(?: length| depth)?|lag|aim|metric|"
    r"requests?)\b[^.;]{0,80}?"
    r"\b(?:crossed|passed|exceeded|went (?:over|above|past)|rose (?:over|above)|reached|hit|climbed (?:to|over|"
    r"above|past)|above|tripped)\b"
    r"|\d\s?%\s(?:of \w{1,12}\s)?(?:was\s|were\s)?(?:crossed|passed|exceeded|reached)\b",
    re.IGNORECASE,
)
_CROSSED_ELSEWHERE = re.compile(
    r"\b(?:processeur|cpu|prozessor|mémoire|memoria|speicher)\b[^.;]{0,60}?\b(?:passée?|dépassée?|pasa|pasó|supera|superó|"
    r"überschritt\w*|über|au-dessus)\b",
    re.IGNORECASE,
)
"""The same in French, Spanish and German."""
_FOLLOWED = re.compile(
    rf"\b(?:deuxième|troisième|quatrième|cinquième|tercera?|cuarta?|quinta?|dritte|vierte|fünfte|second|third|fourth|fifth|sixth|seventh|next|new|another|additional|extra|more|\d{{1,3}}(?:st|nd|rd|"
    rf"th))\s(?:[a-z-]{{1,12}}\s)?{_UNIT}\b"
    rf"|\bscaled?[- ](?:out|up|to)\b|\bscal(?:e|ing)[- ]?(?:out|up)?\s(?:event|activity)|\b(?:added|started|"
    rf"launched)\s(?:[a-z0-9]{{1,8}}\s){{1,2}}{_UNIT}\b"
    rf"|\b{_UNIT}\s(?:[a-z]{{1,10}}\s){{0,2}}(?:came up|was ready|were ready|up after|ready after|joined|followed)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:after|in|within|at|later|minute|by)\s\d|\d\s?(?:s|sec|secs|seconds?|m|min|minutes?)\b(?:\s(?:later|"
    r"after))?|\b\d{1,2}:\d{2}\b",
    re.IGNORECASE,
)
_OF_REQUESTS = r"(?:requests?|connections?|calls?|sessions?|messages?|uploads?|responses?|users?|streams?|sockets?)"
_LOSS = (
    r"(?:resets?|refused|dropped|lost|fail(?:ed|ures?)|broken?|cut(?: off)?|interrupted|aborted|5xx|errors?|"
    r"severed|closed early)"
)
_INTACT = re.compile(
    rf"\b(?:0|no|none|zero|not one|not a single)\b(?:\s(?:of|"
    rf"out of)\s[\d\s.,]{{1,12}})?[^.;]{{0,40}}?\b{_OF_REQUESTS}?\b[^.;]{{0,30}}?\b{_LOSS}\b"
    rf"|\b(?:ninguna?|aucune?|keine?)\s(?:[a-zé]{{1,12}}\s){{0,2}}(?:cortad|perdid|coupé|perdu|refus|abgebroch|verlor)\w*"
    rf"|\bwithout\s(?:a\s|any\s|one\s)?(?:single\s)?(?:[a-z]{{1,10}}\s){{0,2}}{_LOSS}\b",
    re.IGNORECASE,
)
_LOSING = re.compile(
    rf"\b([1-9][\d\s.,]{{0,9}})\s(?:(?:of|out of)\s[\d\s.,]{{1,12}}\s)?{_OF_REQUESTS}\s(?:[a-z]{{1,8}}\s)?{_LOSS}\b",
    re.IGNORECASE,
)
_BACK_TO = re.compile(
    r"\b(?:back|down|again|returned|fell(?: back)?|shrank|retour|de vuelta|zurück)\b[^.;:]{0,24}?\b(?:to|at|à|a|auf)\s"
    r"(?:\d{1,3}|one|two|three|four|five|six|deux|trois|quatre|dos|tres|cuatro|zwei|drei|vier)\b(?!\s?(?:ms|s|%|/s))",
    re.IGNORECASE,
)
"""Where instances went away, told by how many were left."""
_SHRINKS = re.compile(r"\b(?:scal\w{1,3}[- ]?(?:in|down)|back\b|down\b|remov|drain|shr[iau]nk|from \d)", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:.+T])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])")
_TOOK = re.compile(
    r"(?<![\w.,:/-])\d+(?:[.,]\d+)?\s?(?:s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|minuten|minutos|sekunden|segundos|stunden|heures?|horas?)(?![\w/])",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\b(?:within|at most|less than|under|below|target|targets|aims?|goals?|objective|rto|rpo|limit|max(?:imum)?|"
    r"every|each|up to)\b"
    r"[^.;|]{0,12}?\d+(?:[.,]\d+)?\s?(?:s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|minuten|minutos|sekunden|segundos|stunden|heures?|horas?)\b",
    re.IGNORECASE,
)
_EQUAL = re.compile(
    r"\d\s?(?:=|==)\s?\d|\b(?:equal|identical|matched|match|agree[ds]?|as expected|checksums?|row counts?|"
    r"verified|nothing lost|complete)\b"
    r"|\bnewest\b[^.;|]{0,20}\d"
    r"|(?<![\d.,])(\d[\d .,\u202f]*\d) ?(?:/|of|von|de|sur) ?\1(?![\d.,]*\d)|\b(?:gleich|égaux|égales|iguales)\b",
    re.IGNORECASE,
)
_FAILOVER = re.compile(
    r"fail(?:ed|s|ing)?[- ]?over|promot(?:ed|ion)|switch(?:ed)?[- ]?over|took over|take-?over|\bdark\b|new (?:primary|"
    r"writer|leader)|umschalt|befördert|bascul|\bpromue?s?\b|promovid|conmuta",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"`[^`]{3,200}`|\bby hand\b|reboot|\bkill|\bstopp|\bdark\b|unplug|terminat|\bforc(?:ed|ing)|\bpulled\b|cordon|"
    r"drain|"
    r"\bshut\b|switched off|\bpower|delet|isolat|partition|simulat|thought gone|\bdown\b|"
    r"staging|\bstage?\b|\bstg\b|\bpre-?(?:prod|prd|live|production)\b|\bnon-?prod|\buat\b|acceptance|\bqa\b|\bsit\b|"
    r"\bint(?:egration)?\b|rehears",
    re.IGNORECASE,
)
"""What was done to a primary, without which times alone are said of it."""
_OF_DATA = re.compile(
    r"primary|writer|writes?\b|writing|standby|stand-by|replica|postgres|mysql|maria|rds\b|aurora|\bsql\b|"
    r"database|patroni|mongo|cluster|leader|\bdb\b|datenbank|base de (?:données|datos)|écriture",
    re.IGNORECASE,
)
_BROUGHT_BACK = re.compile(
    r"restor|recover|point[- ]in[- ]time|\bpitr\b|\bto a (?:moment|time)\b|\ba moment\b|\bmoment\b|\bdump\b|"
    r"backup|snapshot|\bclone\b|drill|"
    r"disaster|region|fail(?:ed)?[- ]?over|promot|standby|went dark|\bdark\b|all steps|whole (?:page|document)|"
    r"walk|exercise|rehears|game ?day|"
    r"evacuat|rebuil[dt]|wiederherstell|eingespielt|übung|reprise|restaur|recupera|ejercicio|"
    r"simulacro",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\ball (?:the |of the |of its )?(?:\d{1,2} )?steps\b|\bwhole (?:page|document|runbook|procedure|walk)|"
    r"\ball of (?:this|the) (?:page|document|runbook)"
    r"|\b(?:by|with|following|followed|from|using) (?:this|the|these) (?:runbook|page|document|steps|procedure|"
    r"checklist)|\bend[- ]to[- ]end\b|\bsteps above\b|\bsteps below\b"
    r"|\bas written\b|\bfull (?:drill|rehearsal|restore|recovery|walk)|\bstep by step\b|\beach step\b|"
    r"\bevery step\b|\bsteps? 1\s?(?:-|–|to)",
    re.IGNORECASE,
)
_TALK = re.compile(r"table.?top|on paper|discuss|dry.?run|talked through|in words|read through", re.IGNORECASE)
_WALK = re.compile(r"walk(?:ed)?.?through", re.IGNORECASE)
_ROUTINE = re.compile(
    r"\b(?:weekly|daily|nightly|hourly|automat\w+|every (?:night|day|week|monday|sunday|saturday)|mondays|"
    r"tuesdays|wednesdays|thursdays|fridays|saturdays|"
    r"sundays|cronjob|scheduled)\b",
    re.IGNORECASE,
)
_REQUESTS_FAILED = re.compile(
    rf"\d[^.;|]{{0,40}}\b{_OF_REQUESTS}\s(?:[a-z]{{1,8}}\s)?failed\b"
    rf"|\b(?:0|none|no \w+) (?:of [\d .,]{{1,12}} )?failed\b|\bfailed {_OF_REQUESTS}\b|[\d.,]\s?% failed\b",
    re.IGNORECASE,
)
"""Requests that failed during a trial, which is not a trial that failed."""
_TRIED = re.compile(
    r"^\W*(?:(?:the )?(?:drills?|exercises?|tests?|rehearsals?|recoveries)\s)?(?:before|earlier|previously|done|tried|"
    r"walked|followed|carried out|recovered|rehearsed|drilled|davor|vorher|geübt|avant|essayée?s?|fait|antes|probado|"
    r"hecho)\b[^.|]{0,60}?\d",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:next|due|planned|coming|until|nächste\w*|danach|prochaine?|próxim[oa])\b[^.;|]{0,16}$", re.IGNORECASE
)
"""What stands before the day of a trial that is still to come."""
_AFTERWARDS = re.compile(
    r"\w.{12,}\b(?:done|closed|fixed|merged|solved|since|erledigt|behoben|fait|fermé|hecho|resuelto)\W{0,3}(?:on )?$",
    re.IGNORECASE,
)
"""What stands before the day on which something was mended that a trial had found."""
_LATER = re.compile(
    r"(?:^|[.;,(|]\s{0,3})(?:the )?(?:next|upcoming|following|coming|planned|due|review)\b(?!\s(?:run|day|"
    r"morning) (?:was|took))[^.;|]{0,80}$",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\b(?:planned|scheduled|upcoming|cancelled|canceled|skipped|failed(?![- ]?over)|aborted|postponed|will|shall|"
    r"not (?:yet )?(?:tried|done|tested|run))\b",
    re.IGNORECASE,
)
_TOOL = re.compile(
    r"(?:`|^\s{0,12}\$?\s?)(?:sudo )?(?:pg_restore|pg_basebackup|mongorestore|psql|mysql|sqlcmd|kubectl|helm|"
    r"terraform|tofu|pulumi|aws|gcloud|az|sam|cdk|flyctl|fly|heroku|upsun|"
    r"patronictl|pgbackrest|barman|restic|borg|velero|wal-g|etcdctl|rclone|docker|kamal|nomad|consul|"
    r"ansible-playbook|systemctl|rails|php|make|"
    r"pgctl|repmgr|oc|doctl|scw|hcloud|wrangler|vault|redis-cli|nodetool|rsync|scp|curl|sqlpackage|dotnet|ash)\s[\w./-]"
)
_NUMBERED = re.compile(
    r"^\s{0,3}(?:\d{1,2}[.)]|\.{1,2}|[a-z][.)])\s+\S|\b(?:steps?:\s.{0,40}|\.\s)?1\.?\s\w.{5,200}?\b2\.?\s\w",
    re.IGNORECASE,
)


_NONE_FAILED = re.compile(
    r"\b(?:0|no|none|zero|nothing|never|without)\b[^.;]{0,30}failed|failed\W{1,3}0\b", re.IGNORECASE
)
_SHAPE = re.compile(
    r"\b(?:mix|pauses?|think[- ]time|journeys?|scenarios?|pattern|two thirds|a quarter|replay(?:ed|s)?|"
    r"recorded traffic|production traffic|"
    r"browsing|k6|locust|gatling|jmeter|artillery|virtual users?)\b|\b[\w./-]{1,80}\.(?:js|ts|py|scala|jmx|lua|kt)\b",
    re.IGNORECASE,
)
"""What tells that traffic was made in the shape of people's."""


def measured(lines: Sequence[str], headings: Sequence[Heading], shut: Sequence[int]) -> tuple[Measured, ...]:
    """
    What *lines* of a document tell of trials, outside the sections that are left out.

    Args:
        lines: All lines.
        headings: Those of sections that count.
        shut: The lines of headings below which nothing counts.
    """
    found: list[Measured] = []
    heads = sorted([(heading.line, True, heading.text) for heading in headings] + [(line, False, "") for line in shut])
    section, counts, at = 0, True, 0
    columns: list[str] | None = None
    for number, line in enumerate(lines, 1):
        while at < len(heads) and heads[at][0] <= number:
            section, counts, columns = heads[at][0], heads[at][1], None
            at += 1
        text = line.strip()[:_LONGEST]
        if not text or not counts:
            columns = None if not text else columns
            continue
        if text.startswith("|") and not text.startswith("|==="):
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            if not any(re.search(r"\w", cell) for cell in cells):
                continue
            if columns is None:
                columns = cells
                continue
            named = [(column, cell) for column, cell in zip(columns, cells, strict=False) if cell]
            told = "; ".join(f"{column}: {cell}" if column else cell for column, cell in named)
            found += _row(named, number, section)
            found += _trials(told, number, section)
        else:
            columns = None if not text.startswith("|===") else columns
            found += _grown(text, number, section)
            found += _trials(text, number, section)
            found += _named_days(text, number, section)
            if _TOOL.search(text) or _NUMBERED.search(text):
                found.append(_one("step", text, number, section))
        if len(found) >= MAX_MEASURED:
            break
    known = {(one.kind, one.day) for one in found}
    for section_ in dated_sections(lines, headings, shut):
        trials = _trials(section_.text, section_.line, section_.line)
        found += [one for one in trials if (one.kind, one.day) not in known]
    return tuple(found[:MAX_MEASURED])


def _one(kind: str, text: str, line: int, section: int, day: str = "", counts: tuple[int, ...] = ()) -> Measured:
    return Measured(kind=kind, line=line, section=section, day=day, counts=counts, text=cut(text, 200))


def _row(named: Sequence[tuple[str, str]], line: int, section: int) -> Iterator[Measured]:
    """How many instances a row of a table counts, under a column for them."""
    told = "; ".join(f"{column}: {cell}" if column else cell for column, cell in named)
    for column, cell in named:
        if not _COLUMN.match(column):
            continue
        if change := _CHANGE.search(cell):
            counts = tuple(int(n) for n in change.groups() if n)
            yield _one("count", told, line, section, counts=counts)
        elif one := _NUMBER.match(cell):
            yield _one("count", told, line, section, counts=(int(one[1]),))


def _grown(text: str, line: int, section: int) -> Iterator[Measured]:
    """What a line says of instances that came or went, of what made them, and of what was lost by it."""
    known = _IN_PROSE.search(text) is not None or _FOLLOWED.search(text) is not None
    crossed = False
    for sentence in re.split(r"(?<=[.;])\s+(?=[A-Z0-9])", text):
        if _UNDONE.search(_REQUESTS_FAILED.sub(" ", _NONE_FAILED.sub("", sentence))):
            continue
        changes = [_counts(match) for match in _IN_PROSE.finditer(sentence)]
        others = [_counts(match) for match in _CHANGE.finditer(sentence)] if known and _CLOCK.search(sentence) else []
        spared = _INTACT.search(sentence) is not None and not _LOSING.search(_INTACT.sub("", sentence))
        for counts in changes or others:
            if counts[-1] < counts[0] and spared and (counts in others or _SHRINKS.search(sentence)):
                yield _one("intact", sentence, line, section, counts=counts)
            yield _one("count", sentence, line, section, counts=counts)
        if known and spared and not changes and not others and _BACK_TO.search(sentence):
            yield _one("intact", sentence, line, section)
        came = _FOLLOWED.search(sentence) or any(counts[-1] > counts[0] for counts in changes or others)
        crossed = crossed or _CROSSED.search(sentence) is not None or _CROSSED_ELSEWHERE.search(sentence) is not None
        if crossed and came and _WHEN.search(sentence):
            yield _one("crossed", sentence, line, section)
            crossed = False
    if _SHAPE.search(text):
        yield _one("shape", text, line, section)


def _counts(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in match.groups() if number)


def _named_days(text: str, line: int, section: int) -> Iterator[Measured]:
    """The days on which something was tried, where a line lists them and tells no more of them."""
    if not _TRIED.match(text):
        return
    for (day, _), (start, _) in zip(parted(text), spans(text), strict=False):
        if not _NEXT.search(text[:start]):
            yield _one("named", text, line, section, day.isoformat())


def _trials(text: str, line: int, section: int) -> Iterator[Measured]:
    """The days on which a standby was promoted or data brought back, with what was measured then."""
    for (day, part), (start, _) in zip(parted(text), spans(text), strict=False):
        before = text[:start]
        if _NEXT.search(before) or _AFTERWARDS.search(before):
            continue
        said = _LATER.sub("", part)
        if _UNDONE.search(_REQUESTS_FAILED.sub(" ", said)) or _TALK.search(said):
            continue
        timed = len(set(_CLOCK.findall(said))) >= 2
        took = _TOOK.search(_AIM.sub("", said)) is not None
        equal = _EQUAL.search(said) is not None
        if _WALK.search(said) and not equal:
            continue
        if _FAILOVER.search(said) and _OF_DATA.search(said) and _DONE.search(said) and (timed or took):
            yield _one("failover", said, line, section, day.isoformat())
        if timed or took or equal:
            kind = "routine" if _ROUTINE.search(said) else "drill" if _BROUGHT_BACK.search(said) else "result"
            yield _one(kind, said, line, section, day.isoformat())
            if equal and (timed or took) and kind != "routine":
                yield _one("compared", said, line, section, day.isoformat())
            if _WHOLE.search(said):
                yield _one("whole", said, line, section, day.isoformat())
