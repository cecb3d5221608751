"""Ways of pipelines: jobs that never run, commands that do nothing, failures that stop nothing."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from .._kinds import dump, kind, load
from .._way import Void, Way, indented, rewritten

Body = dict[str, Any]
ELSEWHERE = {"runs-on": "ubuntu-latest", "steps": [{"run": "echo hello"}]}


def _jobs(name: str, change: Callable[[Body], object]) -> Way:
    """A way that changes each job of a workflow; a workflow without its jobs is what is left."""

    def make(text: str) -> tuple[str, str]:
        body = load(text)
        for job in body["jobs"].values():
            change(job)
        return dump(body), dump({**body, "jobs": {"other": ELSEWHERE}})

    return rewritten(name, "workflow", make)


def _starts(name: str, on: Any) -> Way:
    """A way that changes what starts a workflow."""

    def make(text: str) -> tuple[str, str]:
        body = load(text)
        return dump({**body, "on": on}), dump({**body, "on": on, "jobs": {"other": ELSEWHERE}})

    return rewritten(name, "workflow", make)


def _gated(text: str) -> tuple[str, str]:
    """Each job waits for one that never runs."""
    body = load(text)
    for job in body["jobs"].values():
        needs = job.get("needs", [])
        job["needs"] = [*([needs] if isinstance(needs, str) else needs), "gate"]
    bare = {**body, "jobs": {"other": ELSEWHERE}}
    body["jobs"] = {"gate": {"if": False, **ELSEWHERE}, **body["jobs"]}
    return dump(body), dump(bare)


def _steps(name: str, change: Callable[[Body], object]) -> Way:
    """A way that changes each step; a job with another step is what is left."""

    def make(text: str) -> tuple[str, str] | None:
        body, bare = load(text), load(text)
        for job, left in zip(body["jobs"].values(), bare["jobs"].values(), strict=True):
            for step in job.get("steps", []):
                change(step)
            left["steps"] = [{"run": "echo hello"}]
        return (dump(body), dump(bare)) if any(job.get("steps") for job in body["jobs"].values()) else None

    return rewritten(name, "workflow", make)


def _lines(script: str) -> list[str]:
    return [line for line in script.strip().split("\n") if line.strip()]


def _commands(name: str, change: Callable[[str], str | None]) -> tuple[Way, Way]:
    """Ways that change what each step of a workflow, and each script of GitLab, runs."""

    def workflow(text: str) -> tuple[str, str] | None:
        body, bare = load(text), load(text)
        touched = False
        for job, left in zip(body["jobs"].values(), bare["jobs"].values(), strict=True):
            for step in job.get("steps", []):
                new = change(str(step["run"]).strip()) if "run" in step else None
                touched = touched or new is not None
                step.update({"run": new} if new is not None else {})
            if "steps" in left:
                left["steps"] = [step for step in left["steps"] if "run" not in step] or [{"run": "echo hello"}]
        return (dump(body), dump(bare)) if touched else None

    def gitlab(text: str) -> tuple[str, str] | None:
        body = load(text)
        bare = copy.deepcopy(body)
        touched = False
        for job, left in zip(body.values(), bare.values(), strict=True):
            if isinstance(job, dict) and "script" in job:
                new = change("\n".join(job["script"]))
                touched = touched or new is not None
                job["script"] = [new] if new is not None else job["script"]
                left["script"] = ["echo hello"]
        return (dump(body), dump(bare)) if touched else None

    return rewritten(name, "workflow", workflow), rewritten(name, "gitlab", gitlab)


_DRY = (
    (re.compile(r"\b(kubectl apply)\b"), r"\1 --dry-run=client"),
    (re.compile(r"\b(helm (?:upgrade|rollback|install))\b"), r"\1 --dry-run"),
    (re.compile(r"\bmake "), "make --dry-run "),
    (re.compile(r"\b(manage\.py migrate)\b"), r"\1 --plan"),
)


def _dry(script: str) -> str | None:
    made = script
    for pattern, instead in _DRY:
        made = pattern.sub(instead, made)
    return made if made != script else None


def _each(form: str) -> Callable[[str], str]:
    return lambda script: "\n".join(form.format(line) for line in _lines(script))


def _quoted(script: str) -> str:
    return "\n".join("echo '" + line.replace("'", "'\\''") + "'" for line in _lines(script))


COMMANDS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("exit 0 first", lambda script: "exit 0\n" + script),
    ("after exec", lambda script: "exec true\n" + script),
    (": before it", _each(": {}")),
    ("true before it", _each("true {}")),
    ("|| true", _each("{} || true")),
    ("; true", _each("{}; true")),
    ("set +e", lambda script: f"set +e\n{script}\nexit 0"),
    ("in the background", _each("{} &")),
    ("only said", _quoted),
    ("--help", _each("{} --help")),
    ("--version", _each("{} --version")),
    ("a dry run", _dry),
    ("false && before it", _each("false && {} || true")),
    ("under a false condition of the shell", lambda script: f"if false; then\n{indented(script, '  ')}fi"),
    ("behind an unset variable", lambda script: f'if [ "$ENABLE_IT" = yes ]; then\n{indented(script, "  ")}fi'),
    ("in a function that nobody calls", lambda script: f"unused() {{\n{indented(script, '  ')}}}\necho done"),
    ("in a heredoc", lambda script: f"cat <<'TEXT'\n{script}\nTEXT"),
    ("each command a comment", lambda script: "".join(f"# {line}\n" for line in _lines(script)) + "echo hello"),
)


def _below(path: str, text: str) -> Void | None:
    """A folder below that of the workflows, which nobody reads."""
    if kind(path, text) != "workflow":
        return None
    return Void({path.replace(".github/workflows/", ".github/workflows/off/"): text})


def _gitlab(name: str, change: Callable[[Body], object]) -> Way:
    def make(text: str) -> tuple[str, str]:
        body = load(text)
        for job in body.values():
            if isinstance(job, dict):
                change(job)
        return dump(body), dump({"other": {"script": ["echo hello"]}})

    return rewritten(name, "gitlab", make)


def _template_jobs(text: str) -> tuple[str, str]:
    return dump({f".{name}": job for name, job in load(text).items()}), dump({"other": {"script": ["echo hello"]}})


WAYS: tuple[Way, ...] = (
    _jobs("jobs with if: false", lambda job: job.update({"if": False})),
    _jobs("jobs with if: ${{ false }}", lambda job: job.update({"if": "${{ false }}"})),
    _jobs("jobs with if: 1 == 2", lambda job: job.update({"if": "${{ 1 == 2 }}"})),
    _jobs("jobs behind an unset variable", lambda job: job.update({"if": "${{ vars.ENABLE_IT == 'yes' }}"})),
    _jobs(
        "jobs of an event that does not start it", lambda job: job.update({"if": "github.event_name == 'merge_group'"})
    ),
    _jobs("an empty matrix", lambda job: job.update(strategy={"matrix": {"variant": []}})),
    _jobs("jobs that may fail", lambda job: job.update({"continue-on-error": True})),
    rewritten("jobs wait for one that never runs", "workflow", _gated),
    _steps("steps with if: false", lambda step: step.update({"if": False})),
    _steps("steps with if: ${{ false }}", lambda step: step.update({"if": "${{ false }}"})),
    _steps("steps that may fail", lambda step: step.update({"continue-on-error": True})),
    _starts("started by nothing", {}),
    _starts("started by a workflow that is not there", {"workflow_call": {}}),
    _starts("started on no branch", {"push": {"branches": ["no-such-branch"]}}),
    _starts("started on branches that are all left out", {"push": {"branches-ignore": ["**"]}}),
    _starts("started when a proposal is closed", {"pull_request": {"types": ["closed"]}}),
    _starts("started for paths that are not there", {"push": {"paths": ["no/such/path/**"]}}),
    _starts("started on a day that never comes", {"schedule": [{"cron": "0 0 31 2 *"}]}),
    Way("below the folder of workflows", _below),
    *(way for name, change in COMMANDS for way in _commands(name, change)),
    _gitlab("jobs with when: never", lambda job: job.update(rules=[{"when": "never"}])),
    _gitlab("jobs with only: []", lambda job: job.update(only=[])),
    _gitlab("jobs with a false condition", lambda job: job.update(rules=[{"if": "'on' == 'off'"}])),
    _gitlab("jobs that may fail", lambda job: job.update(allow_failure=True)),
    rewritten("jobs that are templates", "gitlab", _template_jobs),
    rewritten(
        "started by nothing", "gitlab", lambda text: dump({"workflow": {"rules": [{"when": "never"}]}, **load(text)})
    ),
)
