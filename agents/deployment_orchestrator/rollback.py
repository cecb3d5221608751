"""Judges the way back: written down, by itself, step by step, and with the schema in mind."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Code,
    Document,
    Documents,
    Draft,
    Example,
    Migration,
    Migrations,
    Signal,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    unsure,
)

_WORDS = (
    "Run the former version again with the command below, wait until it is healthy, then tell the team about it. " * 3
)
_RUNBOOK = f"# Rollback\n\n## Steps\n\n{_WORDS}\n"
_DRILL = Signal(
    id="deployment.rollback-drill",
    pattern=r"(20\d\d-\d\d-\d\d.*\b(drill|rehears|exercise|tested|performed|tried)|"
    r"\b(drill|rehears|exercise|tested|performed|tried).*20\d\d-\d\d-\d\d)",
    roles=("docs",),
    comments=True,
)


@check(
    "DEP-5.2.1",
    shows=PASS,
    reads=[_DRILL],
    clean=[
        Example(
            "Written down, with the record of a drill",
            {
                "docs/rollback.md": _RUNBOOK
                + "\n- 2026-03-02: rollback drill in staging, 3 min 10 s from decision to healthy.\n"
            },
        )
    ],
    flagged=[
        Example("Written down, never tried", {"docs/rollback.md": _RUNBOOK}),
        Example("A heading with nothing below", {"README.md": "# Shop\n\n## Rollback\n\nLater.\n"}),
    ],
)
def written_and_tried(documents: Documents, code: Code) -> Iterator[Draft]:
    """A document says how to go back, and a dated line says that it was tried."""
    found = [(d, h) for d, h in documents.about("rollback", "roll back", "rolling back", "roll-back") if _is_runbook(d)]
    drills = code[_DRILL].places.under(lambda path: "changelog" not in path.lower())
    if found and drills:
        yield passed("The way back is written down and has been tried", found[0][0].at(found[0][1]), drills)
    elif found:
        yield unsure(
            "The way back is written down; no dated record says that it was tried", found[0][0].at(found[0][1])
        )


@check(
    "DEP-5.2.8",
    shows=PASS,
    clean=[
        Example("The runbook says whom to tell", {"docs/rollback.md": _RUNBOOK + f"\n## Communication\n\n{_WORDS}\n"})
    ],
    flagged=[Example("It does not", {"docs/rollback.md": _RUNBOOK})],
)
def communication(documents: Documents) -> Iterator[Draft]:
    """The document about rollback has a section about who is told, when and where."""
    for document in documents.files:
        if "rollback" not in f"{document.path} {document.title}".lower() or not _is_runbook(document):
            continue
        for heading in document.headings:
            if heading.words >= 15 and any(w in heading.text.lower() for w in _TELLING):
                yield passed("The rollback document says who is told", document.at(heading), confidence="medium")
                return


_TELLING = ("communicat", "notif", "announce", "inform", "who to tell", "stakeholder", "escalat")


def _is_runbook(document: Document) -> bool:
    path = document.path.lower()
    return not any(
        word in path for word in ("changelog", "changes", "history", "release-notes", "releases/", "node_modules")
    )


_UP = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n"
_ADD = '        migrations.AddField("order", "note", models.TextField(null=True)),\n    ]\n'
_RUN = "        migrations.RunPython(fill),\n    ]\n"


@check(
    "DEP-5.2.3",
    shows=BOTH,
    clean=[Example("The newest migrations only add and can be undone", {"shop/migrations/0002_note.py": _UP + _ADD})],
    flagged=[Example("The newest cannot be undone", {"shop/migrations/0002_fill.py": _UP + _RUN})],
    silent=[
        Example(
            "A column goes: undone easily, and the former release misses it",
            {"shop/migrations/0003_drop.py": _UP + '        migrations.RemoveField("order", "note"),\n    ]\n'},
        ),
        Example(
            "One a little older has no way back, and may be part of the release",
            {
                "shop/migrations/0002_fill.py": _UP + _RUN,
                **{f"shop/migrations/000{n}_note.py": _UP + _ADD for n in (3, 4, 5)},
            },
        ),
        Example(
            "Prisma keeps each migration in a folder of its own; the newest says no undo",
            {
                f"prisma/migrations/0{n}_step/migration.sql": f"ALTER TABLE a {change};\n"
                for n, change in enumerate(
                    ("DROP COLUMN b", "ADD COLUMN c int", "ADD COLUMN d int", "ADD COLUMN e int")
                )
            },
        ),
    ],
)
def newest_migrations(migrations: Migrations) -> Iterator[Draft]:
    """The newest migrations of each folder can be undone and take nothing from the former release."""
    newest = migrations.newest(_NEWEST)
    stuck = [m for m in newest if m.reversible is False or any(o.reversible is False for o in m.operations)]
    taking = [
        (m, o)
        for m in newest
        for o in m.operations
        if (o.kind in _TAKING and not o.detail.startswith("CREATE")) or _breaks(o.kind, o.nullable, o.default)
    ]
    measure = measured("newest migrations that cannot be undone", len(stuck), at_most=0)
    if stuck:
        first = next((o for o in stuck[0].operations if o.reversible is False), None)
        yield failed(
            each(stuck, name=_title, at=lambda m: m.at(first) if m is stuck[0] else m.at()).say(
                "{share:newest migration} cannot be undone: {}", of=len(newest)
            ),
            examined(len(newest), "migrations"),
            measure=measure,
        )
    elif taking:
        migration, operation = taking[0]
        yield unsure(
            f"{_title(migration)} {_WHAT.get(operation.kind, operation.kind.replace('_', ' '))} "
            f"{operation.table or 'a table'}, which may break the former release",
            migration.at(operation),
        )
    elif (
        newest
        and all(m.reversible and m.operations for m in newest)
        and (older := [m for m in migrations.newest() if m.reversible is False])
    ):
        yield unsure(
            each(newest)
            .say(
                "{the:newest migration} can be undone; {older} before {it} cannot, and whether it is part of this "
                "release cannot be told",
                older=_title(older[-1]),
            )
            .text,
            older[-1].at(),
        )
    elif newest and all(m.reversible and m.operations for m in newest):
        yield passed(
            each(newest, at=lambda m: m.at()).say(
                "{the:newest migration} can be undone and {takes} nothing from the former release"
            ),
            examined(len(newest), "migrations"),
            confidence="medium",
            measure=measure,
        )


_NEWEST = 3
_TAKING = frozenset(
    {"drop_table", "rename_table", "drop_column", "rename_column", "alter_type", "set_not_null", "alter_column"}
    | {"run_sql", "run_code", "other"}
)


_WHAT = {
    "drop_table": "drops table",
    "rename_table": "renames table",
    "drop_column": "drops a column of",
    "rename_column": "renames a column of",
    "alter_type": "changes the type of a column of",
    "alter_column": "changes a column of",
    "set_not_null": "makes a column NOT NULL in",
    "add_column": "adds a column that must have a value to",
    "run_sql": "rewrites rows of",
    "run_code": "runs code over the rows of",
    "other": "runs a statement of unknown effect on",
}


def _title(migration: Migration) -> str:
    """The file's name, or that of its folder where all files are called alike."""
    folder, _, name = migration.path.rpartition("/")
    return folder.rpartition("/")[2] if name == "migration.sql" else name


def _breaks(kind: str, nullable: bool | None, default: bool | None) -> bool:
    return kind == "add_column" and nullable is False and not default
