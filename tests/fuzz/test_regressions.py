"""What fuzzing once found: records that ended in a traceback, each now refused, or read for what it is."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.archive import opened
from orchestrator.audit.replay import verify
from orchestrator.audit.signing import check, generate
from orchestrator.conclusion.rendering import STATEMENT
from orchestrator.errors import OrchestratorError, RecordBroken
from orchestrator.journal.lock import LOCK, Lock
from orchestrator.journal.record import JOURNAL, Record
from tests.fuzz import journal, pinned, statements, zipping
from tests.fuzz.forged import HERE, Form, write
from tests.fuzz.mutating import line
from tests.fuzz.promise import gonogo, held
from tests.fuzz.seeds import tiny

GONE = object()
"""Stands for what is taken away."""
DEEP = "#deep 5000"


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "genuine"


@pytest.fixture(scope="module")
def form(genuine: Path) -> Form:
    return tiny(genuine)


def test_the_seed_is_genuine(form: Form, genuine: Path, tmp_path: Path) -> None:
    """
    What all of these are changed from is genuine, and so is what is written from its form.
    """
    said = [line.split()[0] for line in gonogo("verify", str(genuine)).splitlines()]

    assert [*["✔"] * (len(said) - 1), "consistent:"] == said
    assert Record(genuine).manifest_bytes() == Record(write(form, tmp_path / "run")).manifest_bytes()
    assert (genuine / JOURNAL).read_bytes() == (tmp_path / "run" / JOURNAL).read_bytes()


FINISHED = ("events", "NodeFinished", 3)
CRITERION = ("pinned", "catalogue", "areas", 0, "sections", 0, "criteria", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param(("manifest",), DEEP, id="manifest-deep"),
        pytest.param(("manifest", "release", "version"), GONE, id="release-without-version"),
        pytest.param(("manifest", "digests"), GONE, id="no-digests"),
        pytest.param(("manifest", "digests"), "x", id="digests-are-text"),
        pytest.param(("manifest", "digests", "config"), [[]], id="digest-is-a-list"),
        pytest.param(("manifest", "notes"), 0.5, id="notes-are-a-number"),
        pytest.param(("manifest", "pinned"), {}, id="nothing-pinned"),
        pytest.param(("manifest", "pinned"), {"catalogue": 1, "plan": "x"}, id="pinned-mixed"),
        pytest.param(("manifest", "request"), "x", id="request-is-text"),
        pytest.param(("manifest", "tool"), GONE, id="no-tool"),
        pytest.param(("pinned", "catalogue"), DEEP, id="catalogue-deep"),
        pytest.param(CRITERION, -0.5, id="criterion-is-a-number"),
        pytest.param((*CRITERION, "effort"), float("nan"), id="effort-is-no-number"),
        pytest.param((*CRITERION, "effort"), float("inf"), id="effort-without-end"),
        pytest.param(("pinned", "policy", "min_score"), float("nan"), id="policy-without-number"),
        pytest.param(("pinned", "plan", "nodes", 0, "needs"), GONE, id="no-needs"),
        pytest.param(("pinned", "plan", "nodes", 0, "needs"), 0.5, id="needs-are-a-number"),
        pytest.param(("pinned", "plan", "nodes", 0, "required"), None, id="required-or-not"),
        pytest.param(("pinned", "plan", "phases", 0), "x", id="phase-is-text"),
        pytest.param(("pinned", "plan", "phases", 0, "title"), GONE, id="phase-without-title"),
        pytest.param(("pinned", "statements", "waivers"), [[]], id="waiver-is-a-list"),
        pytest.param(("pinned", "statements", "words", 0), [], id="word-is-a-list"),
        pytest.param(("pinned", "statements", "words", 0, "until"), GONE, id="attested-for-ever"),
        pytest.param(("events", "RunStarted", 3, "manifest"), GONE, id="begun-with-nothing"),
        pytest.param(("events", "RunStarted", 0), 7, id="begun-at-7"),
        pytest.param(("events", "RunStarted", 0), "2026-01-02T03:04:05.000006", id="begun-at-no-place"),
        pytest.param(("events", "NodeStarted", 0), "2026-11-21T21²:09:10.971737Z", id="time-with-odd-digits"),
        pytest.param(("events", "NodeStarted", 0), "X-²", id="time-is-text"),
        pytest.param(("events", "PhaseStarted", 3, "open"), GONE, id="gate-neither-open-nor-closed"),
        pytest.param(("events", "StepDone", 3), [], id="step-is-a-list"),
        pytest.param(("events", "StepDone", 3, "value"), float("nan"), id="step-is-no-number"),
        pytest.param(("events", "ProfileDetermined", 3, "blob"), None, id="profile-is-nowhere"),
        pytest.param(("events", "ProfileDetermined", 3, "blob"), {"#": DEEP}, id="profile-deep"),
        pytest.param((*FINISHED, "said"), "said", id="said-is-text"),
        pytest.param((*FINISHED, "said"), [], id="said-is-a-list"),
        pytest.param((*FINISHED, "said"), {"value": None}, id="said-nothing"),
        pytest.param((*FINISHED, "said"), {"blob": "sha256:" + "é" * 64, "bytes": 1}, id="said-elsewhere"),
        pytest.param((*FINISHED, "said"), {"value": {"exhibits": DEEP}}, id="said-deep"),
        pytest.param(("events", "VerdictReached", 3, "verdict"), GONE, id="no-verdict"),
    ],
)
def test_refused(form: Form, genuine: Path, tmp_path: Path, path: tuple[Any, ...], value: Any) -> None:
    """
    A record that holds together around this is not genuine, and none of its readers stumbles.
    """
    folder = write(_with(form, path, value), tmp_path / "forged" / "run")

    assert isinstance(held(lambda: verify(Record(folder))), RecordBroken)
    _ask(folder, genuine)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param((*CRITERION, "id"), "INF-1.4²1", id="odd-digits-in-an-id"),
        pytest.param((*CRITERION, "id"), "X-" + "9" * 5000, id="endless-number-in-an-id"),
        pytest.param((*CRITERION, "id"), "\ud800", id="half-a-character"),
        pytest.param(("manifest", "tool"), "\ud800", id="half-a-character-of-a-tool"),
        pytest.param((*CRITERION, "applies"), "service and \ud800", id="condition-of-half-a-character"),
        pytest.param((*CRITERION, "applies"), "service\0", id="condition-with-a-null"),
        pytest.param((*CRITERION, "applies"), "not " * 50_000 + "service", id="condition-without-end"),
        pytest.param((*CRITERION, "applies"), "not " * 240 + "service", id="condition-nested"),
        pytest.param(("manifest", "later"), "#deep 900", id="a-later-key-deep"),
        pytest.param(("events", "ProfileDetermined", 3, "blob"), {"#": {"later": "#deep 900"}}, id="a-later-fact-deep"),
        pytest.param((*FINISHED, "said"), {"value": {"later": "#deep 900"}}, id="said-later-deep"),
        pytest.param(("events", "VerdictReached", 3, "later"), "#deep 900", id="a-later-verdict-deep"),
    ],
)
def test_read(form: Form, genuine: Path, tmp_path: Path, path: tuple[Any, ...], value: Any) -> None:
    """
    A record that says this is odd, and none of its readers stumbles.
    """
    folder = write(_with(form, path, value), tmp_path / "forged" / "run")

    assert isinstance(held(lambda: verify(Record(folder))), OrchestratorError)
    _ask(folder, genuine)


def test_who_had_the_run(tmp_path: Path) -> None:
    """
    A lock that names its owner in lists of lists names nobody.
    """
    (tmp_path / LOCK).write_bytes(b"[" * 1000)
    lock = Lock(tmp_path, "2026-01-02T03:04:05.000006Z")
    lock.release()

    assert lock.left_by is None


def test_a_name_without_end(tmp_path: Path) -> None:
    """
    What is wrong with an archive is said in a few words, however long its names are.
    """
    long = {"name": f"x/blobs/{'0' * 64}", "data": "e30=", "local": "x" * 65_000}
    path = tmp_path / "x.run.zip"
    path.write_bytes(zipping.write({"members": [long], "end": {}}))

    def look() -> None:
        with opened(tmp_path, str(path)):
            pass

    assert isinstance(held(look), RecordBroken)


def test_a_signature_over_a_name_without_end(genuine: Path, form: Form, tmp_path: Path) -> None:
    """
    Nor does a statement that its owner signed fill the terminal with the names of its fields.
    """
    pair = generate(tmp_path / "release.key")
    folder = shutil.copytree(genuine, tmp_path / "run")
    (folder / STATEMENT).write_bytes(statements.written(line({"signed": {"#long 9000": 1}}), pair.private))

    assert isinstance(held(lambda: check(Record(folder), [pair.public])), RecordBroken)


def test_a_later_name_without_end(form: Form, genuine: Path, tmp_path: Path) -> None:
    """
    What a later version may have added to a record that derives to something else is named in a few words.
    """
    other = _with(form, ("events", "VerdictReached", 3, "exit_code"), 77)
    folder = write(_with(other, ("manifest", "#long 9000"), 1), tmp_path / "forged" / "run")

    assert isinstance(held(lambda: verify(Record(folder))), RecordBroken)
    _ask(folder, genuine)


def _with(form: Form, path: tuple[Any, ...], value: Any) -> Form:
    """*form* with *value* at *path*; an event is named by its kind, and the first of it is meant."""
    changed = copy.deepcopy(form)
    at: Any = changed
    for key in path[:-1]:
        at = next(e for e in at if e[1] == key) if isinstance(key, str) and isinstance(at, list) else at[key]
    if value is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    assert json.dumps(changed) != json.dumps(form)
    assert HERE in json.dumps(changed) or path[1] == "RunStarted"
    return changed


def _ask(folder: Path, genuine: Path) -> None:
    journal.ask(folder)
    policy = folder.parent / "next.yaml"
    policy.write_text(pinned.POLICY)
    for turn in range(pinned.TURNS):
        pinned.ask(folder, policy, genuine, turn)
