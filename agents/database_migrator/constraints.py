"""Judges the constraints that a schema declares (section 6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Code,
    Column,
    Draft,
    Example,
    Measure,
    Migration,
    Migrations,
    Operation,
    Schema,
    Sentence,
    Signal,
    Table,
    check,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    unsure,
)

from ._columns import (
    AMOUNT,
    COUNTED,
    DAY,
    IDENTITY,
    INEXACT,
    LISTS,
    MONEY,
    NAMING,
    NUMERIC,
    OUTLIVING,
    PEOPLE,
    PERSONAL,
    TEXTUAL,
    Place,
    columns,
    dangling,
    keys,
    named,
    placed,
    plain,
    snake,
    tables,
)
from ._examples import NO_MIGRATIONS
from ._standing import rules

_USERS = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, created_at timestamptz NOT NULL);\n"
_SOUND = Example(
    "Constraints for all that matters",
    {
        "db/schema.sql": _USERS + "CREATE TABLE orders (\n"
        "  id bigint PRIMARY KEY,\n"
        "  user_id bigint NOT NULL REFERENCES users (id) ON DELETE RESTRICT,\n"
        "  amount numeric(12,2) NOT NULL CHECK (amount >= 0),\n"
        "  ordered_at timestamptz NOT NULL,\n"
        "  shipped_at timestamptz,\n"
        "  paid_at timestamptz\n);\n"
        "CREATE TRIGGER keep_total BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep();\n"
    },
)
_LOOSE = Example(
    "No constraint but the keys",
    {
        "db/schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, amount float, paid_at text);\n"
    },
)
_NO_RULE = Example(
    "The database's own rule, which refuses the deletion",
    {
        "db/schema.sql": _USERS
        + "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));\n"
    },
)
_FORGOTTEN = Example(
    "A rule for one of two",
    {
        "db/schema.sql": _USERS + "CREATE TABLE orders (id bigint PRIMARY KEY,\n"
        "  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,\n"
        "  clerk_id bigint REFERENCES users (id));\n"
    },
)
_ECTO = Example(
    "Ecto's references with their rules",
    {
        "priv/repo/migrations/20260901090000_first.exs": "defmodule Shop.First do\n  use Ecto.Migration\n\n"
        "  def change do\n"
        "    create table(:users) do\n      add :email, :string, null: false\n      timestamps()\n    end\n\n"
        "    create unique_index(:users, [:email])\n\n    create table(:orders) do\n"
        "      add :user_id, references(:users, on_delete: :restrict), null: false\n"
        "      add :amount, :integer, null: false\n    end\n\n"
        '    create constraint(:orders, :sane, check: "amount > 0")\n  end\nend\n'
    },
)
_LARAVEL = Example(
    "Laravel's references with their rules",
    {
        "database/migrations/2026_09_01_090000_first.php": "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\n"
        "return new class extends Migration {\n  public function up(): void {\n"
        "    Schema::create('users', function (Blueprint $table) {\n      $table->id();\n"
        "      $table->string('email')->unique();\n      $table->string('name');\n    });\n"
        "    Schema::create('orders', function (Blueprint $table) {\n      $table->id();\n"
        "      $table->foreignId('user_id')->constrained()->restrictOnDelete();\n"
        "      $table->unsignedInteger('amount');\n    });\n  }\n};\n"
    },
)
_BY_CLIENT = Example(
    "References that only the client keeps",
    {
        "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  relationMode = "prisma"\n}\n'
        "model User {\n  id String @id\n  orders Order[]\n}\n"
        "model Order {\n  id String @id\n  userId String\n"
        "  user User @relation(fields: [userId], references: [id], onDelete: NoAction)\n}\n"
    },
)


_BEGUN_LATER = Example(
    "Migrations that begin after the first tables",
    {
        "db/migrations/0007_favorites.sql": "CREATE TABLE favorites (\n  id bigint PRIMARY KEY,\n"
        "  code text NOT NULL UNIQUE,\n  org_id bigint NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,\n"
        "  made_at timestamptz NOT NULL\n);\n"
    },
)


def _fail(message: Sentence, total: int, what: str, measure: Measure | None) -> Draft:
    return failed(message, examined(total, what), confidence="medium", measure=measure)


@check(
    "DAT-6.3.1",
    shows=BOTH,
    clean=[_SOUND, _ECTO, _LARAVEL],
    flagged=[_LOOSE, _BY_CLIENT],
    silent=[
        NO_MIGRATIONS,
        _BEGUN_LATER,
        Example(
            "A log that stays when who did it has gone",
            {
                "db/schema.sql": _USERS + "CREATE TABLE activity_logs (id bigint PRIMARY KEY, user_id bigint NOT NULL, "
                "at timestamptz NOT NULL);\n"
            },
        ),
        Example(
            "A number of another system",
            {
                "net/models.py": "class Group(models.Model):\n    name = models.CharField(max_length=9)\n\n\n"
                "class Router(models.Model):\n    group_id = models.PositiveSmallIntegerField()\n"
            },
        ),
    ],
)
def foreign_keys(schema: Schema) -> Iterator[Draft]:
    """Columns that refer to another table, by declaration or by name, carry a foreign key of the database."""
    untied = dangling(schema)
    loose = [(t, c) for t, c in untied if (not c.primary or _alone(t)) and not OUTLIVING.search(snake(t.title))]
    every = [(t, c) for t in tables(schema) for c in keys(t)]
    by_code = [(t, c) for t, c in every if not c.enforced]
    tied = [(t, c) for t, c in every if c.enforced]
    total = len(loose) + len(every)
    if by_code:
        message = placed(by_code).say("{share:reference} {is} kept by the application only: {}", of=total)
        yield _fail(message, total, "reference columns", measured(_UNTIED, len(by_code), at_most=0))
    elif loose:
        message = placed(loose).say("{share:reference to another table} {has} no foreign key: {}", of=total)
        yield _fail(message, total, "reference columns", measured(_UNTIED, len(loose), at_most=0))
    elif untied:
        table, column = untied[0]
        text = "{} {points} to another table without a foreign key, as part of a key or of a record of what happened"
        yield unsure(named(untied).say(text), table.at(column))
    elif unmade := _unmade(schema):
        yield _begun(unmade)
    elif tied:
        table, column = tied[0]
        message, count = (
            named(tied).say("{all:reference} {carries} a foreign key"),
            examined(total, "reference columns"),
        )
        yield passed(message, table.at(column), count, measure=measured(_UNTIED, 0, at_most=0))


def _alone(table: Table) -> bool:
    """Whether the key of *table* is one column, which then is the whole of the reference."""
    return sum(1 for column in table.columns if column.primary) == 1


_UNTIED = "reference columns without a foreign key"
_BY_MIGRATIONS = frozenset({"sql", "alembic", "ecto", "laravel", "liquibase", "ef-core", "doctrine"})
"""Where tables are read from what makes them, one after another."""


def _unmade(schema: Schema) -> list[Place]:
    """Columns that refer to a table which nothing here makes: the migrations begin after their first tables."""
    made: dict[str, set[str]] = {}
    for table in schema.tables:
        made.setdefault(table.framework, set()).add(plain(table.title.strip('"`[]')))
    return [
        (t, c)
        for t in tables(schema)
        if t.framework in _BY_MIGRATIONS
        for c in keys(t)
        if plain(c.references.strip('"`[]')) not in made[t.framework]
    ]


def _begun(unmade: list[Place]) -> Draft:
    """What is said where the tables that are read are not all that there are."""
    table, column = unmade[0]
    text = (
        f"{table.title}.{column.title} refers to {column.references}, which nothing here makes: there are more tables"
    )
    return unsure(text, table.at(column))


@check(
    "DAT-6.3.2",
    shows=BOTH,
    clean=[_SOUND],
    flagged=[_LOOSE],
    silent=[
        NO_MIGRATIONS,
        _BEGUN_LATER,
        Example(
            "A quantity that may be missing",
            {"db/schema.sql": "CREATE TABLE items (id bigint PRIMARY KEY, sku text NOT NULL, quantity int);\n"},
        ),
        Example(
            "A base whose children name what they need",
            {
                "shop/models.py": "class Placed(models.Model):\n    aisle = models.CharField(null=True)\n"
                "    shelf = models.CharField(null=True)\n\n    class Meta:\n        abstract = True\n"
            },
        ),
        Example(
            "ClickHouse, where columns are not nullable unless they say so",
            {"db/events.sql": "CREATE TABLE hits (id UUID, url String, at DateTime) ENGINE = MergeTree ORDER BY at;\n"},
        ),
    ],
)
def required_columns(schema: Schema, migrations: Migrations) -> Iterator[Draft]:
    """Tables declare the columns they cannot do without NOT NULL; one in four without any is too many."""
    judged = []
    alike = set()
    for table in tables(schema):
        own = [c for c in table.columns if not c.primary]
        shape = (table.title, *((c.title, c.nullable) for c in own))
        if shape in alike:  # the same table, written for another database
            continue
        alike.add(shape)
        inherits = table.partial and all(c.nullable for c in own)
        if len(own) >= 2 and not inherits and all(c.nullable is not None for c in own):
            judged.append((table, own))
    open_ = [(table, own[0]) for table, own in judged if all(c.nullable for c in own)]
    missing = [
        (t, c)
        for t, own in judged
        for c in own
        if c.nullable and AMOUNT.search(snake(c.title)) and NUMERIC.search(c.type)
    ]
    known = {plain(t.title) for t, _ in judged}
    untold = [t for t in tables(schema) if _hides(t) and plain(t.title) not in known]
    loosened = _loosened(migrations, judged)
    count = examined(len(judged), "tables")
    share = round(len(open_) * 100 / len(judged), 1) if judged else None
    measure = measured("tables without a NOT NULL column", share, "%", at_most=0)
    if len(open_) * 4 >= max(len(judged), 1) and open_:
        message = each(open_, name=lambda place: place[0].title, at=lambda place: place[0].at()).say(
            "{share:table} {has} no NOT NULL column beside {its} key: {}", of=len(judged)
        )
        yield failed(message, count, confidence="medium", measure=measure)
    elif loosened:
        told = ", ".join(f"{o.table}.{o.column}" for _, o in loosened[:6])
        named_ = [(m, o) for m, o in loosened if NAMING.match(snake(o.column)) or COUNTED.search(snake(o.column))]
        if named_:
            first, operation = named_[0]
            text = f"{operation.table}.{operation.column}, once required, may be NULL again"
            yield failed(text, first.at(operation), count, confidence="medium")
        else:
            text = f"What was required may be NULL again, and whether that is meant cannot be told: {told}"
            yield unsure(text, loosened[0][0].at(loosened[0][1]), count)
    elif open_:
        yield unsure(
            f"All columns of {open_[0][0].title} but its key may be NULL; whether that is meant cannot be told",
            open_[0][0].at(),
            measure=measure,
        )
    elif missing:
        table, column = missing[0]
        yield unsure(
            named(missing).say("{} may be NULL; whether a row without {it} makes sense cannot be told"),
            table.at(column),
            count,
            measure=measure,
        )
    elif judged and (unmade := _unmade(schema)):
        yield _begun(unmade)
    elif judged and untold:
        text = "What {} {requires} is not said in a way that is understood"
        yield unsure(each(untold, name=lambda t: t.title).say(text), untold[0].at(), count)
    elif judged:
        nulls = sum(1 for _, own in judged for c in own if not c.nullable)
        text = f"NOT NULL stands at {many(nulls, 'column')} of {many(len(judged), 'table')}"
        yield passed(text, judged[0][0].at(), count, confidence="medium", measure=measure)


def _hides(table: Table) -> bool:
    """Whether it cannot be told of a column of *table* whether it may be NULL."""
    own = [c for c in table.columns if not c.primary]
    return len(own) >= 2 and any(c.nullable is None for c in own)


def _loosened(migrations: Migrations, judged: list[tuple[Table, list[Column]]]) -> list[tuple[Migration, Operation]]:
    """The columns of *judged* tables that a migration has let be NULL, and that still may be."""
    open_ = {(t.title.lower(), c.title.lower()) for t, own in judged for c in own if c.nullable}
    return [
        (migration, operation)
        for migration in migrations.files
        for operation in migration.operations
        if operation.kind == "alter_column"
        and (operation.nullable is True or operation.detail.upper().startswith("DROP NOT NULL"))
        and (operation.table.lower().strip('"'), operation.column.lower().strip('"')) in open_
    ]


@check(
    "DAT-6.3.3",
    shows=BOTH,
    clean=[
        _SOUND,
        _ECTO,
        _LARAVEL,
        Example(
            "Unique together, also where there is no tenant",
            {
                "db/schema.sql": "CREATE TABLE users (id int PRIMARY KEY, tenant int, email text NOT NULL,\n"
                "  UNIQUE NULLS NOT DISTINCT (tenant, email));\n"
            },
        ),
    ],
    flagged=[_LOOSE],
    silent=[
        NO_MIGRATIONS,
        _BEGUN_LATER,
        Example(
            "Names are found, and unique, in another form",
            {
                "db/schema.sql": "CREATE TABLE users (id text PRIMARY KEY, user_name text, email text, "
                "normalized_user_name text UNIQUE, normalized_email text);\n"
            },
        ),
        Example(
            "A handle that a row may lack",
            {
                "db/schema.sql": _USERS
                + "CREATE TABLE import_jobs (id bigint PRIMARY KEY, uuid text, at timestamptz NOT "
                "NULL);\n"
            },
        ),
        Example(
            "A badge by which crews are found, and that two may have",
            {
                "db/schema.sql": _USERS
                + "CREATE TABLE crews (id bigint PRIMARY KEY, badge text NOT NULL, name text NOT "
                "NULL);\nCREATE INDEX crews_badge ON crews (badge);\n"
            },
        ),
        Example(
            "The login identifies, the address is for letters",
            {"db/schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY, login text NOT NULL UNIQUE, email text);\n"},
        ),
    ],
)
def unique_identities(schema: Schema) -> Iterator[Draft]:
    """Names that identify (email of a user, login, SKU) are unique, alone or together with others."""
    found = [
        (t, c)
        for t, c in columns(schema)
        if IDENTITY.match(c.title) or (PERSONAL.match(c.title) and PEOPLE.search(snake(t.title)))
    ]
    sure = [(t, c) for t, c in found if _is_unique(c)]
    normal = {(t.path, t.line) for t, _ in found if any(_NORMAL.search(snake(c.title)) for c in t.columns)}
    known = {(t.path, t.line) for t, _ in sure} | normal
    left = [(t, c) for t, c in found if not _is_unique(c)]
    bare = [(t, c) for t, c in left if (t.path, t.line) not in known and not _may_lack(c)]
    other = [(t, c) for t, c in left if (t.path, t.line) in known or _may_lack(c)]
    own = {(t.path, t.line, c.title) for t, c in found}
    weaker = [
        (t, c)
        for t, c in columns(schema)
        if NAMING.match(snake(c.title))
        and not LISTS.search(snake(t.title))
        and (t.path, t.line, c.title) not in own
        and not c.references
        and not c.nullable
    ]
    unique = {(t.path, t.line) for t, c in columns(schema) if _is_unique(c) and not c.primary}
    maybe = [(t, c) for t, c in weaker if not _is_unique(c) and (t.path, t.line) not in unique]
    held = [(t, c) for t, c in columns(schema) if c.unique and not c.primary and not c.references]
    if bare:
        message = placed(bare).say("{share:identifying column} {has} no unique constraint: {}", of=len(found))
        measure = measured("identifying columns without a unique constraint", len(bare), at_most=0)
        yield _fail(message, len(found), "identifying columns", measure)
    elif other or maybe:
        table, column = (other or maybe)[0]
        yield unsure(
            named(other or maybe).say("Whether {} should be unique cannot be told"),
            table.at(column),
        )
    elif (held or sure) and (unmade := _unmade(schema)):
        yield _begun(unmade)
    elif held or sure:
        every = list({(t.path, t.line, c.title): (t, c) for t, c in [*sure, *held]}.values())
        table, column = every[0]
        yield passed(
            named(every).say("{all:identifying column} {is} unique: {}"),
            table.at(column),
            examined(len(every), "identifying columns"),
            confidence="high" if sure else "medium",
            measure=measured("identifying columns without a unique constraint", 0, at_most=0),
        )


_NORMAL = re.compile(
    r"^(?:normali[sz]ed|canonical|lower|lowercase|ci)_|_(?:normali[sz]ed|canonical|lower|lowercase|ci|hash|digest|bidx)$"
)
"""Columns that hold the form of a name by which it is found, and that are unique in its place."""


def _may_lack(column: Column) -> bool:
    """Whether *column*, of a name that identifies things, may be NULL: then it need not be what they are found by."""
    return bool(column.nullable) and IDENTITY.match(column.title) is not None


def _is_unique(column: Column) -> bool:
    return column.unique or column.primary or column.with_others


@check(
    "DAT-6.3.4",
    shows=BOTH,
    clean=[_SOUND, _ECTO],
    flagged=[_LOOSE],
    silent=[
        NO_MIGRATIONS,
        _LARAVEL,
        Example(
            "A rating that others give",
            {"db/schema.sql": "CREATE TABLE films (id bigint PRIMARY KEY, their_rating real, title text NOT NULL);\n"},
        ),
    ],
)
def value_ranges(schema: Schema) -> Iterator[Draft]:
    """Tables with amounts and quantities have check constraints, or unsigned types."""
    found = [
        (t, c)
        for t, c in columns(schema)
        if (AMOUNT.search(snake(c.title)) or COUNTED.search(snake(c.title))) and NUMERIC.search(c.type)
    ]
    open_ = [
        (t, c)
        for t, c in found
        if not _checked(t, c) and "unsigned" not in c.type and not c.type.startswith("Positive")
    ]
    none = not any(t.checks for t, _ in columns(schema))
    wanted = [  # beside checks of other columns, a sum of money may be left to be what is paid back
        (t, c) for t, c in open_ if AMOUNT.search(snake(c.title)) or (none and MONEY.search(snake(c.title)))
    ]
    bare = [(t, c) for t, c in wanted if not t.checks]
    if bare:
        message = placed(bare).say("No check constraint keeps {} inside a valid range")
        measure = measured("amounts without a check constraint", len(bare), at_most=0)
        yield _fail(message, len(found), "columns for amounts", measure)
    elif open_:
        table, column = open_[0]
        yield unsure(named(open_).say("Nothing is seen to keep {} inside a valid range"), table.at(column))
    elif found and (unmade := _unmade(schema)):
        yield _begun(unmade)
    elif half := [(t, c) for t, c in found if not _checked(t, c)]:
        table, column = half[0]
        text = "{} {is} kept from below by {its} type, and nothing is seen to keep {it} from above"
        yield unsure(named(half).say(text), table.at(column))
    elif found:
        table, column = found[0]
        count = examined(len(found), "columns for amounts")
        text = f"Check constraints stand in the tables of {named(found)}"
        measure = measured("amounts without a check constraint", 0, at_most=0)
        yield passed(text, table.at(column), count, confidence="medium", measure=measure)


def _checked(table: Table, column: Column) -> bool:
    """Whether a check names *column*; where nobody knows what the checks of its table name, whether it has any."""
    return column.checked or (table.checks > 0 and not any(c.checked for c in table.columns))


def _of_sqlite(table: Table, column: Column) -> bool:
    """Whether Entity Framework wrote *column* for SQLite, which keeps days as text and has no other type for them."""
    return column.type == "TEXT" and table.at(column).path.endswith(".cs")


_SQLITE = Example(
    "SQLite, which has no type for days",
    {
        "Migrations/20260101000000_First.cs": "public partial class First : Migration\n{\n"
        "    protected override void Up(MigrationBuilder migrationBuilder)\n    {\n"
        '        migrationBuilder.CreateTable(name: "Plays", columns: table => new\n        {\n'
        '            Id = table.Column<int>(type: "INTEGER", nullable: false),\n'
        '            PlayedOn = table.Column<DateTime>(type: "TEXT", nullable: false),\n        });\n    }\n}\n'
    },
)


_SEALED = Signal(
    id="data.column-encrypted-by-application",
    pattern=r"[\"']\w{1,60}[\"']\s{0,3}=>\s{0,3}[\"']encrypted\b|^\s{0,20}encrypts\s+:\w|"
    r"\battr_encrypted\s+:\w|\w{1,60}\s{0,3}=\s{0,3}\w{0,20}\.?Encrypted\w{0,40}\(|\bEncryptedType\(|"
    r"\bCloak\b.{0,40}|\bEncrypted\.\w",
    roles=("source",),
    kept=ALL,
)
"""Columns that hold what the application has encrypted, which is text whatever it was before."""


@check(
    "DAT-6.3.6",
    shows=BOTH,
    clean=[_SOUND],
    flagged=[_LOOSE],
    silent=[
        NO_MIGRATIONS,
        _SQLITE,
        Example(
            "a table beside it keeps all that it has in one column",
            {
                "db/schema.sql": _SOUND.files["db/schema.sql"]
                + "CREATE TABLE claims (id bigint PRIMARY KEY, data jsonb);\n"
            },
        ),
        Example(
            "A day that the application encrypts",
            {
                "db/schema.sql": "CREATE TABLE members (id bigint PRIMARY KEY, born_on text, joined_at timestamptz);\n",
                "app/Models/Member.php": "<?php\nclass Member extends Model {\n"
                "    protected function casts(): array { return ['born_on' => 'encrypted']; }\n}\n",
            },
        ),
        Example(
            "Likewise in Rails",
            {
                "db/schema.sql": "CREATE TABLE members (id bigint PRIMARY KEY, born_on text, joined_at timestamptz);\n",
                "app/models/member.rb": "class Member < ApplicationRecord\n  encrypts :email, :born_on\nend\n",
            },
        ),
    ],
    reads=[_SEALED],
)
def native_types(schema: Schema, code: Code) -> Iterator[Draft]:
    """Money is neither a floating point number nor text, and days are not text."""
    money = [(t, c) for t, c in columns(schema) if MONEY.search(snake(c.title)) and c.type]
    days = [
        (t, c)
        for t, c in columns(schema)
        if DAY.search(snake(c.title)) and c.type and c.title.lower() not in ("on", "at")
    ]
    wrong = [(t, c) for t, c in money if TEXTUAL.match(c.type) or INEXACT.match(c.type)]
    wrong += [(t, c) for t, c in days if TEXTUAL.match(c.type) and not _of_sqlite(t, c)]
    said = " ".join(hit.text for hit in code[_SEALED].places)
    sealed = [(t, c) for t, c in wrong if re.search(rf"\b{re.escape(c.title)}\b", said)]
    wrong = [place for place in wrong if place not in sealed]
    total = len(money) + len(days)
    loose = [(t, c) for t, c in columns(schema) if TEXTUAL.match(c.type) and _UNTYPED.search(snake(c.title))]
    loose += [(t, c) for t in tables(schema) for c in _only_json(t)]
    if wrong:
        table, column = wrong[0]
        kept = f"{table.title}.{column.title} is {column.type}"
        measure = measured("columns for money and days of a wrong type", len(wrong), at_most=0)
        yield _fail(placed(wrong).like(kept), total, "columns for money and days", measure)
    elif sealed:
        text = "What {} {is} before the application encrypts {it} cannot be told"
        yield unsure(named(sealed).say(text), sealed[0][0].at(sealed[0][1]))
    elif loose and total:
        table, column = loose[0]
        yield unsure(named(loose).say("{} {is} free text, which may hold anything"), table.at(column))
    elif total >= 2 and (unmade := _unmade(schema)):
        yield _begun(unmade)
    elif total >= 2:
        table, column = (money or days)[0]
        text = f"{total} columns for money and days have types of their own"
        count = examined(total, "columns for money and days")
        measure = measured("columns for money and days of a wrong type", 0, at_most=0)
        yield passed(text, table.at(column), count, confidence="medium", measure=measure)


def _only_json(table: Table) -> list[Column]:
    """The column in which *table* keeps all that it has, where there is no other beside its key."""
    own = [c for c in table.columns if not c.primary]
    return own if len(own) == 1 and "json" in own[0].type.lower() and _UNTYPED.search(snake(own[0].title)) else []


_UNTYPED = re.compile(
    r"^(body|payload|data|json|meta|metadata|attributes|details)$|_(kg|grams|cents|eur|usd|minutes|hours|km)$"
)
"""Text that stands for what has a type of its own."""


@check(
    "DAT-6.3.7",
    shows=BOTH,
    clean=[_SOUND, _ECTO, _LARAVEL],
    flagged=[_BY_CLIENT, _FORGOTTEN],
    silent=[NO_MIGRATIONS, _NO_RULE],
)
def deletion_rules(schema: Schema) -> Iterator[Draft]:
    """Each reference says what happens to it when its parent is deleted; a foreign key without a rule refuses that."""
    found = [(t, c) for t in tables(schema) for c in keys(t)]
    nothing = ("NOACTION", "NO ACTION", "DO_NOTHING")
    orphaned = [(t, c) for t, c in found if not c.enforced and c.on_delete in nothing]
    silent = [(t, c) for t, c in found if not c.on_delete and c.enforced]
    bare = [(t, c) for t, c in found if c.on_delete in ("", "?", "DO_NOTHING")]
    untied = [(t, c) for t, c in dangling(schema) if not OUTLIVING.search(snake(t.title))]
    count = examined(len(found), "foreign keys")
    if orphaned:
        text = "{share:reference} {is} left dangling when the parent goes: {}"
        measure = measured("references that may be left dangling", len(orphaned), at_most=0)
        yield _fail(placed(orphaned).say(text, of=len(found)), len(found), "references", measure)
    elif untied:
        text = "{} {has} no foreign key, and with it no rule for the deletion of the parent"
        if any(c.on_delete not in ("", "?") for _, c in found):
            yield _fail(placed(untied).say(text), len(found) + len(untied), "references", None)
        else:  # where no key has a rule, the application may be what deletes
            yield unsure(named(untied).say(text), untied[0][0].at(untied[0][1]), count)
    elif silent and len(silent) <= len(found) - len(bare):
        text = "{share:foreign key} {says} nothing of the deletion of the parent, as the others do: {}"
        measure = measured("foreign keys without a rule", len(silent), at_most=0)
        yield _fail(placed(silent).say(text, of=len(found)), len(found), "foreign keys", measure)
    elif bare:
        table, column = bare[0]
        default = "the default, which refuses it" if column.enforced else "the default of the application's client"
        yield unsure(
            named(bare).say(
                "{share:foreign key} {leaves} deletion of the parent to {default}; whether that is meant cannot be "
                "told: {}",
                of=len(found),
                default=default,
            ),
            table.at(column),
            count,
        )
    elif unmade := _unmade(schema):
        yield _begun(unmade)
    elif found:
        table, column = found[0]
        yield passed(named(found).say("{all:foreign key} {has} {its} ON DELETE rule"), table.at(column), count)


_FULL = (
    "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
    "  IF (SELECT count(*) FROM seats) > 9 THEN RAISE EXCEPTION 'full'; END IF;\n  RETURN new;\nEND $$;\n"
)
_SEATS = {
    "migrations/000001_seats.up.sql": "CREATE TABLE seats (id bigint PRIMARY KEY);\n"
    + _FULL
    + "CREATE TRIGGER full_up BEFORE INSERT ON seats FOR EACH ROW EXECUTE FUNCTION full_up();\n"
}
_OVERLAP = {
    "db/migrate/20261001_a.rb": 'class A < ActiveRecord::Migration[8.0]\n  def up\n    execute "alter table stays add '
    'constraint apart exclude using gist (room with =, days with &&)"\n  end\nend\n'
}


@check(
    "DAT-6.3.8",
    shows=PASS,
    clean=[_SOUND, Example("A trigger of a migration", _SEATS), Example("An exclusion constraint", _OVERLAP)],
    flagged=[
        _LOOSE,
        Example("A later migration drops the trigger", {
            **_SEATS, "migrations/000002_b.up.sql": "DROP TRIGGER full_up ON seats;\n"
        }),
        Example("A later migration lets the trigger check nothing", {
            **_SEATS, "migrations/000002_b.up.sql": _FULL.replace("CREATE", "CREATE OR REPLACE").replace("> 9", "> 99")
        }),
        Example("A later migration drops the constraint", {
            **_OVERLAP, "db/migrate/20261101_b.rb": "class B < ActiveRecord::Migration[8.0]\n  def up\n"
            '    execute "alter table stays drop constraint apart"\n  end\nend\n'
        }),
    ],
    silent=[NO_MIGRATIONS],
)  # fmt: skip
def triggers(schema: Schema, migrations: Migrations) -> Iterator[Draft]:
    """Triggers or exclusion constraints stand where a plain constraint cannot, as they were made."""
    made = rules(schema, migrations)
    ended = [(rule.at, rule.ended) for rule in made if rule.ended]
    count = examined(len(made), "triggers and exclusion constraints")
    if ended:
        rule, after = ended[0]
        text = f"Whether the rule of {rule.path} still holds cannot be told: {after.path} drops it or changes it"
        yield unsure(text, after, rule, count)
    elif made:
        text = "{number:rule} that no plain constraint can keep {is} enforced in the database"
        yield passed(each([rule.at for rule in made]).say(text), count, confidence="medium")
