"""The published schemas describe what is really read and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestrator.audit.anchoring import anchor
from orchestrator.audit.archive import opened
from orchestrator.audit.diff import compare
from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.what_if import suppose
from orchestrator.commands.init import starter
from orchestrator.conclusion.rendering import finished
from orchestrator.formats.yaml import load
from orchestrator.journal.kinds import KINDS, Packed, Said
from orchestrator.journal.lock import LOCK, Lock, Owner
from orchestrator.journal.manifest import RunManifest
from orchestrator.journal.record import JOURNAL, MANIFEST, Record
from tests.cli.command import gonogo
from tests.journal.lives import every_kind
from tests.repositories import SHOP, repository
from tools.schemas import EXAMPLES, PINNED, models, says
from tools.schemas import schemas as published

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schema"
RECORDED = sorted((ROOT / "tests" / "recorded").glob("*.run.zip"))
Json = dict[str, Any]


@cache
def schema(name: str) -> Json:
    found: Json = json.loads((SCHEMAS / name).read_text())
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@cache
def checker(name: str, part: str = "") -> jsonschema.Draft202012Validator:
    """What holds a value to the published schema *name*, or to one *part* of its definitions."""
    whole = schema(name)
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": whole["$defs"]} if part else whole)


def lines(record: Record) -> list[Json]:
    return [json.loads(line) for line in (record.folder / JOURNAL).read_bytes().splitlines()]


def test_the_verdict_document(tmp_path):
    """
    What `--format json` prints is valid by the published schema.
    """
    shop = repository(tmp_path / "shop", SHOP)
    result = gonogo(tmp_path, "review", str(shop), "--format", "json").json

    jsonschema.validate(result, schema("verdict-1.json"))


class TestReadiness:
    def test_what_init_writes(self, tmp_path):
        """
        The starter file is valid.
        """
        jsonschema.validate(
            load(starter(repository(tmp_path / "shop", SHOP)).encode()).body, schema("readiness-1.json")
        )

    @pytest.mark.parametrize(
        "text",
        [
            "polciy: {}",
            "waivers: [{who: d, reason: r}]",
            "profile: {databse: yes}",
            "thresholds: {score: 101}",
        ],
    )
    def test_what_is_refused(self, text):
        """
        The schema refuses what the command refuses.
        """
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(load(text.encode()).body, schema("readiness-1.json"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return every_kind(tmp_path_factory.mktemp("lives"))


@pytest.fixture(scope="module")
def records(runs: Mapping[str, Path]) -> Iterator[list[Record]]:
    """Every life of a run that this version leads, and every run that earlier ones have left."""
    kept = [opened(Path("nowhere"), str(archive)) for archive in RECORDED]
    yield [*(Record(run) for run in runs.values()), *(record.__enter__() for record in kept)]
    for one in kept:
        one.__exit__(None, None, None)


class TestRecord:
    def test_every_kind_of_event_is_there(self, runs):
        """
        The lives of these runs leave nothing out: what is said of all their events is said of every kind.
        """
        assert KINDS.keys() == {line["kind"] for run in runs.values() for line in lines(Record(run))}

    def test_events(self, records):
        """
        Every line of every journal is valid by the published schema, and holds no field that it does not name.
        """
        check = checker("event-1.json")
        for record in records:
            for line in lines(record):
                check.validate(line)
                KINDS[line["kind"]].model_validate(line["data"])

    def test_what_nodes_say(self, records):
        """
        So is what is packed in an event: findings, tables, crashes.
        """
        check = checker("event-1.json", "Said")
        packed = [(record, e["data"]["said"]) for record in records for e in lines(record) if "said" in e["data"]]
        said = [record.value(Packed.model_validate(one)) for record, one in packed]
        for one in said:
            check.validate(one)
            Said.model_validate(one)

        assert any("findings" in one for one in said)
        assert any("exhibits" in one for one in said)

    def test_manifests(self, records):
        """
        Every run.json is valid by the published schema, and holds no field that it does not name.
        """
        check = checker("run-1.json")
        for record in records:
            said = json.loads((record.folder / MANIFEST).read_bytes())
            check.validate(said)
            RunManifest.model_validate(said)

            assert said["pinned"].keys() <= PINNED.keys()

    def test_pinned_blobs(self, records):
        """
        So is every blob that a run pinned.
        """
        blobs = {
            (name, digest): record.blob(digest)
            for record in records
            for name, digest in record.manifest().pinned.named().items()
        }
        for (name, _), data in blobs.items():
            checker("run-1.json", PINNED[name].__name__).validate(json.loads(data))
            PINNED[name].model_validate_json(data)

        assert PINNED.keys() == {name for name, _ in blobs}

    def test_what_is_written_today(self, runs):
        """
        What may be absent, since older records lack it, is there in records of today.
        """
        said = json.loads((runs["acting"] / MANIFEST).read_bytes())
        (resumed,) = (line["data"] for line in lines(Record(runs["acting"])) if line["kind"] == "RunResumed")

        assert RunManifest.model_fields.keys() == said.keys()
        assert PINNED.keys() == said["pinned"].keys()
        assert KINDS["RunResumed"].model_fields.keys() == resumed.keys()

    def test_the_lock(self, tmp_path):
        """
        Who drives a run is named as the schema has it.
        """
        lock = Lock(tmp_path, "2026-01-02T03:04:05.000006Z")
        said = json.loads((tmp_path / LOCK).read_bytes())
        lock.release()
        checker("event-1.json", "Owner").validate(said)

        assert lock.owner == Owner.model_validate(said)


class TestAnswers:
    """What stands outside of a record, or is asked of it."""

    def test_anchor(self, runs):
        """
        An anchor's line is valid.
        """
        checker("anchor-1.json").validate(json.loads(anchor(Record(runs["whole"]), "stdout").line))

    def test_diff(self, runs):
        """
        What `gonogo diff --format json` prints is valid.
        """
        answer = compare(finished(Record(runs["whole"])).result, finished(Record(runs["looked over"])).result)
        checker("diff-1.json").validate(json.loads(answer.model_dump_json(by_alias=True)))

        assert answer.newly_failing

    def test_rejudged(self, runs):
        """
        What `gonogo replay --rejudge --format json` prints is valid.
        """
        checker("rejudged-1.json").validate(json.loads(rejudge(Record(runs["whole"])).model_dump_json(by_alias=True)))

    def test_what_if(self, runs, tmp_path):
        """
        What `gonogo replay --policy FILE --format json` prints is valid.
        """
        (tmp_path / "next.yaml").write_text("thresholds: {score: 1}\n")
        answer = suppose(Record(runs["whole"]), tmp_path / "next.yaml")
        checker("what-if-1.json").validate(json.loads(answer.model_dump_json(by_alias=True)))


def mutations(data: Json, required: set[str]) -> Iterator[tuple[str, Json]]:
    """(what was done, *data* changed): each field missing that has to be there, each with a value of another type."""
    for field, value in data.items():
        if field in required:
            yield f"{field} is missing", {name: data[name] for name in data if name != field}
        if field != "value":
            yield f"{field} is of another type", data | {field: [value]}
        if isinstance(value, dict) and field != "value":
            for what, inner in mutations(value, {"blob", "value", *Owner.model_fields}):
                yield f"{field}: {what}", data | {field: inner}


@pytest.mark.parametrize("kind", KINDS)
class TestEvent:
    """The schema and the model of each kind, on an event of it."""

    def event(self, kind: str, data: Json) -> Json:
        (example,) = (e for e in schema("event-1.json")["examples"] if e["kind"] == kind)
        return {**example, "data": data}

    def test_example(self, kind):
        """
        The example is valid, and has every field that can stand beside the others.
        """
        checker("event-1.json").validate(self.event(kind, dict(EXAMPLES[kind])))
        said = KINDS[kind].model_validate(EXAMPLES[kind])

        assert KINDS[kind].model_fields.keys() - said.model_fields_set <= {"value", "blob", "bytes"}

    def test_what_is_refused(self, kind):
        """
        A missing field and a field of another type are refused, by the schema and by the model.
        """
        check = checker("event-1.json")
        fields = KINDS[kind].model_fields
        required = {name for name, field in fields.items() if field.is_required()}
        required |= {"value", "blob", "bytes"} if issubclass(KINDS[kind], Packed) else set()
        tried = list(mutations(dict(EXAMPLES[kind]), required))
        for what, data in tried:
            assert not check.is_valid(self.event(kind, data)), what
            with pytest.raises(ValueError, match="validation error"):
                KINDS[kind].model_validate(data)

        assert len(tried) >= len(EXAMPLES[kind].keys() - {"value"})

    def test_what_a_later_version_adds(self, kind):
        """
        A field that nobody knows is valid by the schema, for later versions add some; this version writes none.
        """
        data = {**EXAMPLES[kind], "later": 1}

        assert checker("event-1.json").is_valid(self.event(kind, data))
        with pytest.raises(ValueError, match="later"):
            KINDS[kind].model_validate(data)


class TestLine:
    @pytest.mark.parametrize(
        "change",
        [
            {"seq": -1},
            {"seq": "0"},
            {"at": "2026-01-02T03:04:05Z"},
            {"prev": "sha256:0"},
            {"node": None},
            {"kind": 5},
            {"data": []},
            {"more": 1},
        ],
        ids=str,
    )
    def test_what_is_refused(self, change):
        """
        A line has six keys, whatever its kind; what it holds is open for kinds that later versions add.
        """
        check = checker("event-1.json")
        line = {**schema("event-1.json")["examples"][0], "kind": "LaterHappened", "data": {"anything": [1]}}

        assert check.is_valid(line)
        assert not check.is_valid({**line, **change})


def test_every_field_is_explained():
    """
    Every kind of event has a docstring, and every field of it and of run.json one below it.
    """
    for model in (*KINDS.values(), *models(RunManifest)):
        assert model.__doc__
        if model.__module__.startswith("orchestrator.journal"):
            assert model.model_fields.keys() == says(model).keys()


def test_every_schema_is_named():
    """
    A published schema says which one it is, and is linked from the pages that speak of it.
    """
    pages = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    for file in SCHEMAS.glob("*.json"):
        assert file.name in pages

    assert {f"urn:gonogo:schema:{name}" for name in published()} == {schema(f"{n}.json")["$id"] for n in published()}
