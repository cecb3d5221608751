"""Migrations that came with a release are judged apart from those before it."""

from __future__ import annotations

import pytest

from agents.database_migrator import migrations as checks
from orchestrator import Check
from orchestrator.contract.testing import facts_for
from orchestrator.domain.finding import Status
from orchestrator.evidence.facts.changes import Changed, Changes
from orchestrator.evidence.facts.migrations import Migration, Migrations

DROP = "ALTER TABLE crossing DROP COLUMN berth;\n"
ADD = "ALTER TABLE crossing ADD COLUMN deck{} text;\n"
BASE = "1" * 40


def since(*new: str, given: bool = True, **said: object) -> Changes:
    """A comparison by which the files *new* were not there."""
    files = tuple(Changed(path=path, whole=True) for path in sorted(new))
    return Changes.model_validate({"base": BASE, "name_of_base": "v1.4.0", "given": given, "files": files, **said})


def tree(*texts: str) -> dict[str, str]:
    return {f"db/migrations/{n:03}_step.sql": text for n, text in enumerate(texts, 1)}


def said(files: dict[str, str], changes: Changes, check: Check = checks.backward_compatible) -> tuple[Status, str]:
    facts = facts_for(check, files) | {Changes: changes}
    draft = next(iter(check.run(facts)))
    return draft.status, draft.message


LAST = "db/migrations/003_step.sql"
OLD_DROP = tree(ADD.format(1), DROP, ADD.format(2))
NEW_DROP = tree(ADD.format(1), ADD.format(2), DROP)
MANY = tree(DROP, *(ADD.format(n) for n in range(14)))


@pytest.mark.parametrize(
    ("files", "changes", "status"),
    [
        (OLD_DROP, Changes(reason="no tag"), Status.FAIL),
        (OLD_DROP, since(LAST), Status.PASS),
        (OLD_DROP, since(LAST, given=False), Status.UNKNOWN),
        (OLD_DROP, since(), Status.UNKNOWN),
        (OLD_DROP, since(given=False), Status.UNKNOWN),
        (OLD_DROP, since("db/migrations/002_step.sql", LAST), Status.FAIL),
        (NEW_DROP, since(LAST), Status.FAIL),
        (NEW_DROP, since(LAST, given=False), Status.FAIL),
        (NEW_DROP, since("README.md"), Status.UNKNOWN),
        (tree(ADD.format(1), ADD.format(2)), since(), Status.PASS),
        (tree(ADD.format(1), ADD.format(2)), since("db/migrations/002_step.sql", given=False), Status.PASS),
        (MANY, Changes(), Status.PASS),
        (MANY, since(*MANY), Status.FAIL),
        (OLD_DROP, since(LAST, beyond=1), Status.FAIL),
    ],
)
def test_what_was_released_does_not_block_as_new(files, changes, status):
    """
    All that came since the base is judged, however much; what the base had decides nothing, and takes a pass back where
    the reviewed repository chose the base itself.
    """
    assert status is said(files, changes)[0]


def test_it_is_said():
    """
    An old failure is told with the base that had it.
    """
    message = said(OLD_DROP, since())[1]

    assert message.endswith("v1.4.0 had it already, so that it does not block as new")
    assert "002_step.sql" in message


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        (Changed(path="db/migrations/002_step.sql", before="db/migrations/002_old.sql"), Status.UNKNOWN),
        (Changed(path="db/migrations/002_step.sql", before="sketches/002_step.sql"), Status.FAIL),
        (Changed(path="db/migrations/002_step.sql", added=((1, 1),), near=((1, 2),)), Status.FAIL),
        (Changed(path="db/migrations/002_step.sql", lost=True, near=((1, 2),)), Status.UNKNOWN),
        (Changed(path="db/migrations/002_step.sql", added=((2, 2),), near=((1, 2),)), Status.UNKNOWN),
        (Changed(path="db/migrations/002_step.sql", untold="it is too much to compare"), Status.FAIL),
        (Changed(path="db/other/002_step.sql", whole=True), Status.UNKNOWN),
    ],
)
def test_a_file_that_was_there(changed, status):
    """
    A migration is old only with the operations that it had in its own history: changed, or brought along, it is new.
    """
    assert status is said(OLD_DROP, since(files=(changed,)))[0]


def migration(line: int) -> Migration:
    return Migration(path="db/changelog.xml", framework="liquibase", line=line, group="db", position=line)


@pytest.mark.parametrize(
    ("added", "new"),
    [
        (((1, 2),), []),
        (((3, 3),), [3]),
        (((9, 9),), [3]),
        (((10, 10),), [10]),
        (((99, 120),), [20]),
        (((9, 10),), [3, 10]),
        ((), []),
    ],
)
def test_several_in_one_file(added, new):
    """
    Of a change log those change sets are new in which a line was added.
    """
    found = Migrations(files=(migration(3), migration(10), migration(20)))
    changes = since(files=(Changed(path="db/changelog.xml", added=added, lost=True),))

    assert new == [m.line for m in found.since(changes) or ()]


def test_undo_is_asked_of_the_new_alone():
    """
    One that has no way back and was released long ago is no matter of this release, if the base comes from outside.
    """
    files = {
        "shop/migrations/0001_fill.py": _PYTHON.format("migrations.RunPython(fill)"),
        "shop/migrations/0002_note.py": _PYTHON.format(
            "migrations.AddField('order', 'note', models.TextField(null=True))"
        ),
    }
    new = "shop/migrations/0002_note.py"

    assert Status.FAIL is said(files, Changes(), checks.undoable)[0]
    assert Status.PASS is said(files, since(new), checks.undoable)[0]
    assert Status.UNKNOWN is said(files, since(new, given=False), checks.undoable)[0]
    assert Status.FAIL is said(files, since("shop/migrations/0001_fill.py"), checks.undoable)[0]


_PYTHON = (
    "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n"
    "        {},\n    ]\n"
)
