"""Judges schema migrations: kept, compatible with the former release, and undoable (section 6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Changes,
    Code,
    Draft,
    Example,
    Files,
    Migration,
    Migrations,
    Operation,
    Places,
    SetAside,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    measured,
    of_this_release,
    passed,
    source_of,
    unsure,
)

from ._breaking import breaks, met
from ._examples import ADDITIVE, NO_MIGRATIONS, NO_WAY_BACK, alembic, django
from ._risk import counted

AUTOMATIC = Signal(
    id="data.schema-made-by-the-program",
    pattern=(
        r"\bdb\.create_all\(|metadata\.create_all\(|\.AutoMigrate\(|\.Schema\.Create\(|synchronize:\s*true|"
        r"(?:ddl-auto|hbm2ddl\.auto)\W{1,12}(?:update|create)\b|\.sync\(\{\s*(?:alter|force):\s*true|"
        r"EnsureCreated(?:Async)?\(|"
        r"(?:start|deploy|release|CMD|ENTRYPOINT|command|args|exec)\b.{0,200}\b(?:prisma db push|drizzle-kit push|"
        r"(?:doctrine|orm):schema(?:-tool)?:update\b.{0,40}--force|typeorm\S{0,20} schema:sync)|"
        r"[\"'`]\s{0,20}alter table\b"
    ),
    roles=("source", "config", "infra"),
    kept=ALL,
)  # fmt: skip
IGNORED = Signal(
    id="data.migrations-ignored-by-git",
    pattern=r"^(?:\*\*/|/)?(?:\*/)?(?:[\w-]{1,40}/){0,3}(?:migrations|db/migrate)/?(?:\*|\*\*|\*\.py|\*\.sql|\*\*/\*)?$",
    roles=("config",),
)


IN_CODE = Signal(
    id="data.migrations-in-code",
    pattern=r"\bgormigrate\.\w|\bxormigrate\.\w|\bgoose\.Add\w{0,30}Migration|\bNewMigration\(|\[\]\*?(?:\w{1,40}\.)?Migration\{",
    languages=("go",),
)
"""Migrations that are functions of the program, which somebody counts and calls."""
_FOLDER = re.compile(r"(?:^|/)(?:\w{1,40}[_-])?migrations?/[^/]{1,200}$", re.IGNORECASE)
_CHANGES = re.compile(
    r"AutoMigrate|synchronize|ddl-auto|hbm2ddl|alter:|db push|kit push|schema\S{0,8}:(?:update|sync)|drop_all",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"[\"'`]\s*alter table", re.IGNORECASE)
_KEPT = re.compile(r"migrat|/versions/|(^|/)db/|alembic|schema\.|structure\.", re.IGNORECASE)
"""Where statements in a program are those of a migration."""


def changed_by_the_program(code: Code) -> Places:
    """The places where the program itself changes an existing schema; what only makes a new one is left out."""
    return code[AUTOMATIC].places.saying(lambda hit: _CHANGES.search(hit.text))


def stated_by_the_program(code: Code) -> Places:
    """The places outside migrations where a program has a statement that changes a table, or makes its tables."""
    return code[AUTOMATIC].places.saying(
        lambda hit: not _CHANGES.search(hit.text) and not (_STATEMENT.search(hit.text) and _KEPT.search(hit.path))
    )


def written_in_code(files: Files, code: Code, migrations: Migrations) -> list[Source]:
    """Where migrations are functions of the program that nobody here reads: files of folders that are named so."""
    read = tuple(f"{m.path.rpartition('/')[0]}/" for m in migrations.files if m.framework != "go")
    kept: dict[str, list[Source]] = {}
    for file in files.entries:
        folder = file.path.rpartition("/")[0] + "/"
        if file.role == "source" and _FOLDER.search(file.path) and not any(one.startswith(folder) for one in read):
            kept.setdefault(folder, []).append(source_of(file))
    several = [place for places in kept.values() if len(places) > 1 for place in places]
    return several or list(code[IN_CODE].first)


@check(
    "DAT-6.2.1",
    shows=BOTH,
    clean=[ADDITIVE],
    flagged=[
        Example(
            "Hibernate changes the schema",
            {"src/main/resources/application.yml": "spring.jpa.hibernate.ddl-auto: update\n"},
        ),
        Example("Git ignores the migrations", {**ADDITIVE.files, ".gitignore": "*.pyc\nmigrations/\n"}),
        Example(
            "One service has migrations, another changes its schema by itself",
            {
                "orders/sql/V1__orders.sql": "CREATE TABLE orders (id int);\n",
                "catalog/db.go": "package db\n\nfunc Open() {\n\tdb.AutoMigrate(&Product{})\n}\n",
            },
        ),
    ],
    silent=[
        NO_MIGRATIONS,
        Example(
            "Another service makes its tables from its models",
            {**ADDITIVE.files, "ledger/main.py": "Base.metadata.create_all(engine)\napp = FastAPI()\n"},
        ),
        Example(
            "A task alters a table with a statement of its own",
            {**ADDITIVE.files, "app/tasks.py": 'db.execute("ALTER TABLE visits ADD COLUMN source text")\n'},
        ),
        Example(
            "A statement in a text, and no migrations",
            {"lint/rules.py": "SAMPLE = {'a.sql': f'ALTER TABLE a {change};'}\n"},
        ),
        Example(
            "Migrations that are functions of the program, and a first start that makes the tables at once",
            {
                "internal/db/db.go": "package db\n\nfunc Open() {\n\tdb.AutoMigrate(&Repo{})\n}\n",
                "internal/db/migrations/migrations.go": "package migrations\n\n"
                'var all = []Migration{\n\tNewMigration("add stars", addStars),\n}\n',
                "internal/db/migrations/v2.go": "package migrations\n\nfunc addStars(db *gorm.DB) error {\n"
                '\treturn db.Migrator().AddColumn(&Repo{}, "Stars")\n}\n',
            },
        ),
        Example(
            "Gormigrate in one file",
            {
                "store/schema.go": 'package store\n\nvar all = []*gormigrate.Migration{{\n\tID: "1",\n'
                "\tMigrate: func(tx *gorm.DB) error { return tx.AutoMigrate(&Repo{}) },\n}}\n"
            },
        ),
        Example(
            "A folder whose name sets it aside is built by itself, and changes its schema",
            {
                **ADDITIVE.files,
                "archive/package.json": '{"name": "archive", "scripts": {"start": "node main.js"}}\n',
                "archive/main.js": "sequelize.sync({ alter: true });\n",
            },
        ),
        Example("The first ones are not here", django('        migrations.RemoveIndex("order", "a"),', "0006_next")),
    ],
    reads=[AUTOMATIC, IGNORED, IN_CODE],
)
def version_controlled(migrations: Migrations, code: Code, files: Files, aside: SetAside) -> Iterator[Draft]:
    """Migration files are in the repository; a schema that the program changes by itself has none."""
    ignored = code[IGNORED].places.under(lambda path: path.rpartition("/")[2] == ".gitignore")
    made = code[AUTOMATIC]
    own = written_in_code(files, code, migrations)
    if ignored:
        yield failed(f"Git is told to ignore migrations: {ignored[0].text}", ignored[0])
    elif own and (beside := _beside(own, made.places, migrations)):
        text = f"{beside[0].path} makes or changes tables by itself, and migrations are code, which nobody reads: "
        yield unsure(f"{text}{own[0].path}", beside, *own)
    elif migrations.files and (beside := changed_by_the_program(code)):
        text = f"{beside[0].path} changes the schema by itself, beside the migrations of {each(migrations.frameworks)}"
        yield failed(text, beside, confidence="medium")
    elif migrations.files and (stated := stated_by_the_program(code)):
        text = f"{stated[0].path} makes or changes tables by itself, beside the migrations: {stated[0].text[:80]}"
        yield unsure(text, stated, migrations.files[0].at())
    elif migrations.files and (apart := _by_programs_apart(aside)):
        text = f"{apart[0].path} changes a schema by itself; whether its folder is in use cannot be told"
        yield unsure(text, *apart, migrations.files[0].at())
    elif migrations.files and (late := _begun_late(migrations)):
        yield unsure(f"The history of {late.group} begins with {_title(late)}; what was before is not here", late.at())
    elif migrations.files:
        first = migrations.files[0]
        frameworks = each(migrations.frameworks)
        text = "{number:migration} of {frameworks} {is} kept in the repository"
        count = examined(len(migrations.files), f"migrations of {frameworks}")
        yield passed(each(migrations.files).say(text, frameworks=frameworks), first.at(), count)
    elif started := made.places.saying(lambda hit: not _STATEMENT.search(hit.text)):
        text = "The program itself creates and changes its schema at start-up, and there is no migration file"
        places = started.first(lambda hit: (hit.path.count("/"), hit.path, hit.line))
        yield failed(text, places[0], places, confidence="medium")
    elif made:
        text = f"{made.places[0].path} holds a statement that changes a table; whether and when it runs cannot be told"
        yield unsure(text, made.places)


def _beside(own: list[Source], made: Places, migrations: Migrations) -> Places:
    """What of *made* is not done by migrations; all of it where no migration could be read."""
    paths = {place.path for place in own}
    return made.under(lambda path: path not in paths and not _KEPT.search(path)) if migrations.files else made


def _by_programs_apart(aside: SetAside) -> list[Source]:
    """Where a program changes its schema by itself that is set aside by a name alone, and has a build of its own."""
    code = aside.facts.get(Code)
    return aside.in_builds(changed_by_the_program(code)) if isinstance(code, Code) else []


def _begun_late(migrations: Migrations) -> Migration | None:
    """The first migration of a folder that counts them, where it is not the first that there was."""
    for migration in migrations.files:
        number = _NUMBER.match(_title(migration))
        if migration.position == 1 and number and migration.framework in _COUNTED and 1 < int(number[1]) < 1_000:
            return migration
    return None


_COUNTED = frozenset({"django", "flyway", "golang-migrate", "goose", "sql"})
_NUMBER = re.compile(r"[Vv]?0*(\d{1,5})(?:_|\.|-)")


@check(
    "DAT-6.2.3",
    shows=BOTH,
    clean=[ADDITIVE],
    flagged=[
        Example("A renamed column", django('        migrations.RenameField("order", "total", "amount"),')),
        Example("NOT NULL without a default", {"db/migrate/20240501_phone.rb": (
            "class Phone < ActiveRecord::Migration[7.1]\n  def change\n"
            "    add_column :customers, :phone, :string, null: false\n  end\nend\n"
        )}),
    ],
    silent=[
        NO_MIGRATIONS,
        Example("Rows are rewritten", alembic(
            'op.execute("UPDATE widgets SET width = width * 2")', 'op.execute("UPDATE widgets SET width = width / 2")'
        )),
        Example("A default that only the new release knows", django(
            '        migrations.AddField("order", "paid", models.BooleanField(default=False)),'
        )),
    ],
)  # fmt: skip
def backward_compatible(migrations: Migrations, changes: Changes) -> Iterator[Draft]:
    """The new migrations, or the newest, drop, rename and narrow nothing that the former release still uses."""
    yield from of_this_release(migrations, changes, lambda chosen: _compatible(chosen, migrations))


def _compatible(chosen: list[Migration], migrations: Migrations) -> Iterator[Draft]:
    newest = [m for m in chosen if m.framework != "go"]
    count = examined(len(newest), "newest migrations")
    certain: list[tuple[Migration, Operation, str]] = []
    doubtful: list[tuple[Migration, Operation, str]] = []
    opaque: list[tuple[Migration, Operation, str]] = []
    for migration in newest:
        for operation in met(migration):
            reason, sure = breaks(operation)
            if reason:
                (certain if sure else doubtful).append((migration, operation, reason))
            elif operation.kind == "run_code" or (operation.kind == "run_sql" and operation.detail != "INSERT"):
                opaque.append((migration, operation, "rewrites data, which the former release may read otherwise"))
    if certain:
        certain.reverse()
        first, operation, reason = certain[0]
        message = each(certain, at=lambda found: found[0].at(found[1])).like(
            f"{_title(first)} {reason}", f"like it in {counted(newest, migrations)}"
        )
        changes = measured("changes that break the former release", len(certain), at_most=0)
        yield failed(message, count, confidence="medium", measure=changes)
    elif doubtful or opaque:
        first, operation, reason = (doubtful or opaque)[-1]
        yield unsure(each(doubtful or opaque).like(f"{_title(first)} {reason}"), first.at(operation), count)
    elif newest and any(m.operations for m in newest):
        text = each(newest).say(
            "The former release can run on the schema that {newest} {leaves} behind", newest=counted(newest, migrations)
        )
        yield passed(text, newest[-1].at(), count, confidence="medium")


@check(
    "DAT-6.2.4",
    shows=BOTH,
    clean=[
        ADDITIVE,
        Example("An up and a down file", {
            "db/migrations/001_a.up.sql": "CREATE TABLE a (id int);\n",
            "db/migrations/001_a.down.sql": "DROP TABLE a;\n",
        }),
    ],
    flagged=[
        NO_WAY_BACK,
        Example("Code without its reverse", django("        migrations.RunPython(fill),")),
        Example("No down file", {"db/migrations/001_a.up.sql": "CREATE TABLE a (id int);\n"}),
    ],
    silent=[
        NO_MIGRATIONS,
        Example("Prisma has no way down by design", {
            "prisma/migrations/20240501100000_a/migration.sql": "CREATE TABLE a (id int);\n",
        }),
    ],
)  # fmt: skip
def undoable(migrations: Migrations, changes: Changes) -> Iterator[Draft]:
    """Each of the new migrations, or the newest, says how to undo itself, and does something when it is told to."""
    yield from of_this_release(migrations, changes, lambda chosen: _undone(chosen, migrations.among(chosen, changes)))


def _undone(newest: list[Migration], migrations: Migrations) -> Iterator[Draft]:
    stuck = [m for m in newest if m.reversible is False]
    count = examined(len(newest), "newest migrations")
    older = [m for m in migrations.files if m.reversible is not True and m not in newest]
    if stuck:
        first = stuck[0]
        message = each(stuck, at=_irreversible).like(
            f"{_title(first)} has no way back{_why(first)}", f"like it among {counted(newest, migrations)}"
        )
        measure = measured("newest migrations without a way back", len(stuck), at_most=0)
        yield failed(message, count, measure=measure)
        return
    unknown = [m for m in newest if m.reversible is None or any(map(_handed_on, m.operations))]
    if unknown:
        undone = each(unknown, name=lambda m: f"{_title(m)} ({m.framework})")
        yield unsure(undone.say("No undo is to be seen for {}"), unknown[0].at(), count)
    elif older:
        text = "{the:newest migration} can be undone, and {older:older one} cannot, as far as can be told"
        yield unsure(each(newest).say(text, older=len(older)), older[0].at(), count)
    elif newest:
        every = examined(len(migrations.files), "migrations")
        text = "{all:migration} {says} how to undo {itself|themselves}"
        measure = measured("newest migrations without a way back", 0, at_most=0)
        yield passed(each(migrations.files).say(text), newest[-1].at(), every, measure=measure)


def _handed_on(operation: Operation) -> bool:
    """Whether what is done is left to a function that is not here."""
    return operation.kind == "unknown" and operation.detail.endswith(("()", "handed on"))


def _why(migration: Migration) -> str:
    for operation in migration.operations:
        if operation.reversible is False:
            what = operation.detail or operation.kind
            return f" ({what} cannot be reversed)"
    return " (its down is empty or refuses)" if migration.down_line else " (no down script)"


def _irreversible(migration: Migration) -> Source:
    operation = next((o for o in migration.operations if o.reversible is False), None)
    return migration.at(operation)


def _title(migration: Migration) -> str:
    """The name of the migration as its folder shows it."""
    folder, _, name = migration.path.rpartition("/")
    return folder.rpartition("/")[2] if name == "migration.sql" else name
