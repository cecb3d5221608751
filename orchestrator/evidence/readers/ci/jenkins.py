"""Reads a Jenkinsfile without running its Groovy: its stages, and the shell commands in each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....domain.fact import Aside
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...inforce.conditions import jenkins as conditions
from ...inforce.force import IN_FORCE, Force, unknown, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import ELSEWHERE, Notes, shell
from ._shared import MAX_STEPS, Dialect, bounded

_STAGE = re.compile(r"\bstage\s*\(\s*(?:name:\s*)?['\"]([^'\"]{1,200})['\"]\s*\)?\s*$")
_TOKEN = re.compile(
    r"(?P<open>\{)|(?P<close>\})|"
    r"(?P<shell>\b(?:sh|bat|pwsh|powershell)\b[\s(]*(?:[\w:\s]{0,60},\s*)?(?:script:\s*|label:[^\n]{0,100},\s*script:\s*)?"
    r"(?P<quote>'''|\"\"\"|'|\"))|"
    r"(?P<input>(?<=[\n{;])\s*input\b[\s({]|\binput\s*\(?\s*(?:message|id)\b)|"
    r"(?P<tells>(?<![\w.])(?:slackSend|emailext|mail|mattermostSend|rocketSend|discordSend|office365ConnectorSend|"
    r"googlechatnotification|telegramSend)\b(?=[\s(]))|"
    r"(?P<library>@Library\(\s*\[?\s*['\"]|(?<![\w.])library\s*\(?\s*(?:identifier:\s*)?['\"])"
)
_MASKED = re.compile(
    r"//[^\n]*|/\*.*?\*/|'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL
)
_WHEN = {
    "cron(": "schedule",
    "pollSCM(": "push",
    "upstream(": "other",
    "changeRequest": "pull_request",
    "buildingTag": "tag",
}
_MAX = 200_000


@dataclass
class _Block:
    """What stands between two braces."""

    stage: int = 0
    force: Force = IN_FORCE
    heeded: bool = True
    after_failure: bool = False


@dataclass
class _Stage:
    """A stage as it is read."""

    job: CiJob
    force: Force = IN_FORCE
    steps: list[CiStep] = field(default_factory=list)


def _pipeline(source: SourceFile) -> Iterator[Pipeline | Aside]:
    """The pipeline as far as its text tells it."""
    text = source.text[:_MAX]
    notes = Notes(source.path)
    stages = _stages(text, notes)
    bare = _MASKED.sub(lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0][0] == "/" else m[0], text)
    triggers = {"push", *(trigger for word, trigger in _WHEN.items() if word in bare)}
    told: list[CiJob] = []
    for stage in stages:
        job = stage.job.model_copy(update={"steps": tuple(stage.steps)})
        if not stage.force:
            notes.add(f"stage {job.id}", stage.force, job.line, [{"run": s.run} for s in stage.steps])
        elif job.steps or job.manual or job.id != "pipeline":
            told.append(job)
    yield from notes.found
    yield from bounded(source.path, "jenkins", "", triggers, told)


def _stages(text: str, notes: Notes) -> list[_Stage]:
    masked = _MASKED.sub(_mask, text)
    breaks = [m.start() for m in re.finditer("\n", text)]
    stages = [_Stage(CiJob(id="pipeline", line=1))]
    blocks = [_Block()]
    at = 0
    while found := _TOKEN.search(masked, at):
        at = found.end()
        line = bisect_right(breaks, found.start()) + 1
        block = blocks[-1]
        if found["open"]:
            before = max(masked.rfind(sign, 0, found.start()) for sign in "{};\n")
            label = text[before + 1 : found.start()].strip()
            if re.fullmatch(r"when", label):
                end = conditions.closing(masked, found.start())
                _limited(stages[block.stage], conditions.of_when(text[found.end() : end]))
                at = end + 1
            else:
                blocks.append(_opened(label, block, stages, line))
        elif found["close"]:
            if len(blocks) > 1:
                blocks.pop()
        elif found["shell"]:
            quote = found["quote"]
            end = masked.find(quote, found.end())
            end = len(text) if end < 0 else end
            body, at = text[found.end() : end], end + len(quote)
            if len(stages[block.stage].steps) < MAX_STEPS:
                _shell(body, found, masked[found.start() : at + 80], line, block, stages, notes)
        elif found["input"]:
            job = stages[block.stage].job
            stages[block.stage].job = job.model_copy(update={"manual": True})
        elif found["tells"]:
            told = CiStep(uses=found["tells"], line=line, commands_told=(), after_failure=block.after_failure)
            if block.force and len(stages[block.stage].steps) < MAX_STEPS:
                stages[block.stage].steps.append(told)
        else:
            name = text[found.end() : found.end() + 200].partition(found[0][-1])[0]
            stages[block.stage].steps.append(CiStep(name="library", uses=name, line=line, commands_told=()))
            notes.add(f"library {name}", unknown(f"may run anything, {ELSEWHERE}"), line)
    return stages


def _limited(stage: _Stage, when: conditions.When) -> None:
    """Let *stage* run when that says so."""
    stage.force = min(stage.force, when.force, key=lambda force: force.state)
    if when.triggers:
        stage.job = stage.job.model_copy(update={"starts": tuple(sorted(when.triggers))})


def _opened(label: str, outer: _Block, stages: list[_Stage], line: int) -> _Block:
    """The block that *label* opens."""
    if stage := _STAGE.search(label):
        above = stages[outer.stage]
        job = CiJob(id=stage[1], line=line, stage=stage[1], starts=above.job.starts)
        stages.append(_Stage(job, min(above.force, outer.force, key=lambda force: force.state)))
        return _Block(len(stages) - 1, heeded=outer.heeded)
    force, heeded, after_failure = outer.force, outer.heeded, outer.after_failure
    if branch := re.search(r"\bif\s*\((.*)\)\s*$", label, re.DOTALL):
        force = min(force, conditions.of_expression(branch[1]).force, key=lambda one: one.state)
        force = void("stands under a condition that is never true") if force.is_void else force
    if re.search(r"\b(?:catchError|warnError)\b", label):
        heeded = False
    if label in ("failure", "unsuccessful", "unstable", "catch") or re.search(r"\bcatch\s*\(", label):
        after_failure = True
    return _Block(outer.stage, force, heeded, after_failure)


def _shell(
    body: str, found: re.Match[str], call: str, line: int, block: _Block, stages: list[_Stage], notes: Notes
) -> None:
    """Add a shell step, if it is in force."""
    lines = [part.strip() for part in body.split("\n")]
    first = next((n for n, part in enumerate(lines) if part), 0)
    run = "\n".join(part for part in lines if part) if len(found["quote"]) == 3 else body
    step = CiStep(
        run=run,
        line=line + first,
        heeded=block.heeded and not re.search(r"returnStatus:\s*true", call),
        after_failure=block.after_failure,
    )
    if not block.force:
        notes.add(f"`{run[:60]}`", block.force, line)
    elif run.strip():
        manner = Manner(errexit=found["shell"].startswith("sh"), powershell=found["shell"].startswith("p"))
        stages[block.stage].steps.append(shell(step, manner, notes))


def _mask(found: re.Match[str]) -> str:
    """A comment as blanks; a string with its quotes, and nothing between them that could be taken for code."""
    text = found[0]
    if text[0] == "/":
        return re.sub(r"[^\n]", " ", text)
    size = 3 if text[:3] in ("'''", '"""') and len(text) >= 6 else 1
    return text[:size] + re.sub(r"[^\n]", "\x01", text[size:-size]) + text[-size:]


DIALECT = Dialect(_pipeline)
