"""What the reader of schemas makes of models and DDL of each kind."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.facts.schema import Column, Schema, Table
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.schema import SchemaReader
from orchestrator.evidence.tree import MemoryTree


def read(files: dict[str, str]) -> Schema:
    fact = read_tree(MemoryTree(files), [SchemaReader()])[Schema]
    assert isinstance(fact, Schema)
    return fact


def table(path: str, text: str, title: str) -> Table:
    fact = read({path: text})
    assert not fact.problems
    return next(t for t in fact.tables if t.title == title)


def column(found: Table, title: str) -> Column:
    return next(c for c in found.columns if c.title == title)


TABLE = "CREATE TABLE parcel (id bigint PRIMARY KEY);\n"


class TestProcedures:
    @pytest.mark.parametrize(
        ("path", "text", "told"),
        [
            ("migrations/2_house.sql", "CALL house.add_keys('public');\n", ["CALL house.add_keys('public');"]),
            ("migrations/V2__house.sql", TABLE + "EXEC dbo.AddKeys 'public';\n", ["EXEC dbo.AddKeys 'public';"]),
            ("migrations/2_house.sql", "-- CALL house.add_keys('public');\n" + TABLE, []),
            ("migrations/2_house.sql", "SELECT 1;\n", []),
            ("migrations/2_house.sql", "EXEC sys.sp_addextendedproperty 'a';\n", []),
            ("migrations/2_house.sql", "CALL refresh_continuous_aggregate('day', NULL, NULL);\n", []),
            ("db/seeds.sql", "CALL house.fill('public');\n", []),
            ("migrations/2_house.down.sql", "CALL house.drop_keys('public');\n", []),
        ],
    )
    def test_may_change_any_table(self, path, text, told):
        """
        What a migration calls in the database is told and doubted, since it may make or take away any rule.
        """
        found = read({"migrations/1_parcel.sql": TABLE, path: text}).aside

        assert told == [aside.what for aside in found]
        assert all(not aside.void and aside.about and aside.line for aside in found)


class TestSql:
    def test_constraints(self):
        """
        Constraints of a column and those at the end of the table say the same.
        """
        found = table(
            "db/schema.sql",
            'CREATE TABLE IF NOT EXISTS shop."orders" (\n  id bigint PRIMARY KEY,\n  user_id int NOT NULL,\n'
            "  code text UNIQUE,\n  total numeric(10,2) CHECK (total > 0),\n"
            "  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL\n);\nCREATE INDEX ON orders (user_id);\n",
            "orders",
        )

        assert ("users", "SET NULL", False, True) == (
            column(found, "user_id").references,
            column(found, "user_id").on_delete,
            column(found, "user_id").nullable,
            column(found, "user_id").indexed,
        )
        assert (True, True) == (column(found, "id").primary, column(found, "code").unique)
        assert (1, 1, "numeric(10,2)") == (found.checks, found.indexes, column(found, "total").type)

    def test_migrations_add_up(self):
        """
        SQL migrations are applied in the order of their numbers, and never their down files.
        """
        fact = read(
            {
                "db/migrations/1_a.up.sql": "CREATE TABLE a (id int, b int);",
                "db/migrations/2_b.up.sql": "ALTER TABLE a ADD c text NOT NULL; ALTER TABLE a DROP COLUMN b;",
                "db/migrations/10_c.up.sql": "ALTER TABLE a ALTER COLUMN id SET NOT NULL;",
                "db/migrations/10_c.down.sql": "DROP TABLE a;",
            }
        )

        assert [("id", False), ("c", False)] == [(c.title, c.nullable) for c in fact.tables[0].columns]

    def test_triggers(self):
        """
        Triggers are kept with their places.
        """
        fact = read(
            {"db/a.sql": "CREATE TABLE a (id int);\nCREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f();\n"}
        )

        assert ["db/a.sql:2"] == [str(r) for r in fact.rules]


def test_django():
    """
    Django models: keys carry an index and a rule of their own.
    """
    found = table(
        "shop/models.py",
        "from django.db import models\nclass Order(models.Model):\n"
        "    user = models.ForeignKey(User, on_delete=models.CASCADE)\n"
        "    code = models.CharField(max_length=9, unique=True)\n    pieces = models.PositiveIntegerField(null=True)\n"
        "    class Meta:\n        unique_together = ('user', 'pieces')\n",
        "Order",
    )

    user = column(found, "user")
    assert ("User", "CASCADE", True, False) == (user.references, user.on_delete, user.indexed, user.nullable)
    assert (True, True, 1) == (column(found, "code").unique, column(found, "pieces").with_others, found.checks)


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import Column\nclass Order(Base):\n    __tablename__ = 'orders'\n"
        "    id = Column(Integer, primary_key=True)\n"
        "    user_id = Column(ForeignKey('users.id', ondelete='cascade'), nullable=False, index=True)\n"
        "    note = Column(Text)\n",
        "class Order(Base):\n    __tablename__ = 'orders'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id', ondelete='CASCADE'), index=True)\n"
        "    note: Mapped[str | None] = mapped_column(Text)\n",
    ],
)
def test_sqlalchemy(text):
    """
    SQLAlchemy models of the old and of the new style.
    """
    found = table("shop/models.py", text, "orders")

    user = column(found, "user_id")
    assert ("users.id", "CASCADE", True, False) == (user.references, user.on_delete, user.indexed, user.nullable)
    assert (True, True) == (column(found, "id").primary, column(found, "note").nullable)


def test_a_column_of_the_projects_own_tells_nothing_of_nullability():
    """
    A Column of the project's own does not have SQLAlchemy's default.
    """
    text = "from .base import Column\nclass A(db.Model):\n    __tablename__ = 'a'\n    b = Column(db.Text)\n"

    assert column(table("shop/models.py", text, "a"), "b").nullable is None


def test_rails():
    """
    schema.rb: indexes inside and outside the table, and foreign keys at its end.
    """
    found = table(
        "db/schema.rb",
        'ActiveRecord::Schema.define do\n  create_table "orders" do |t|\n    t.bigint "user_id", null: false\n'
        '    t.string "code"\n'
        '    t.index ["code"], name: "i", unique: true\n  end\n'
        '  add_foreign_key "orders", "users", on_delete: :cascade\nend\n',
        "orders",
    )

    user = column(found, "user_id")
    assert ("users", "CASCADE", False, False) == (user.references, user.on_delete, user.indexed, user.nullable)
    assert column(found, "code").unique


def test_prisma():
    """
    Prisma: the key is the scalar that the relation names; a relation is not a column.
    """
    text = (
        "model Order {\n  id Int @id\n  user User @relation(fields: [userId], references: [id], onDelete: Cascade)\n"
        "  userId Int\n  note String?\n  @@index([userId])\n}\nmodel User {\n  id Int @id\n  orders Order[]\n}\n"
    )
    found = table("prisma/schema.prisma", text, "Order")

    user = column(found, "userId")
    assert ("User", "CASCADE", True, False) == (user.references, user.on_delete, user.indexed, user.nullable)
    assert ["id", "userId", "note"] == [c.title for c in found.columns]
    assert read({"prisma/schema.prisma": "model A {\n  id Int @id\n"}).problems


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "src/order.entity.ts",
            "import { Entity } from 'typeorm';\n@Entity('orders')\nexport class Order {\n"
            "  @PrimaryGeneratedColumn()\n  id: number;\n"
            "  @Column({ unique: true })\n  code: string;\n  @Column({ nullable: true })\n  note: string;\n}\n",
        ),
        (
            "src/main/java/shop/Order.java",
            'import jakarta.persistence.*;\n@Entity\n@Table(name = "orders")\npublic class Order {\n  @Id\n'
            "  private Long id;\n"
            "  @Column(unique = true, nullable = false)\n  private String code;\n  @Column\n"
            "  private String note;\n}\n",
        ),
        (
            "store/order.go",
            'package store\n\ntype orders struct {\n\tid uint `gorm:"primaryKey"`\n'
            '\tcode string `gorm:"not null;unique"`\n'
            '\tnote string `gorm:"size:9"`\n}\n',
        ),
    ],
)
def test_annotated_classes(path, text):
    """
    TypeORM, JPA and GORM: annotations and tags tell keys, uniqueness and nullability.
    """
    found = table(path, text, "orders")

    assert (True, True, False) == (
        column(found, "id").primary,
        column(found, "code").unique,
        column(found, "code").nullable,
    )
    assert column(found, "note").nullable is True


def test_malformed_python():
    """
    A module that is not Python is a problem.
    """
    assert read({"shop/models.py": "a = models.\nclass ("}).problems


def test_references_that_only_the_client_keeps():
    """
    Prisma makes no foreign keys where its client keeps the references, in whichever file of the schema that stands.
    """
    model = (
        "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n"
        "  a A @relation(fields: [aId], references: [id])\n}\n"
    )
    source = 'datasource db {\n  provider = "mysql"\n  relationMode = "prisma"\n}\n'
    kept = read({"prisma/schema/db.prisma": source, "prisma/schema/models.prisma": model})
    tied = read({"prisma/schema.prisma": model})

    assert [False] == [c.enforced for t in kept.tables for c in t.columns if c.references]
    assert [True] == [c.enforced for t in tied.tables for c in t.columns if c.references]


def test_references_without_a_constraint():
    """
    Django's db_constraint=False leaves a reference that the database knows nothing of.
    """
    text = "class B(models.Model):\n    a = models.ForeignKey(A, on_delete=models.CASCADE, db_constraint=False)\n"

    assert not column(table("shop/models.py", text, "B"), "a").enforced


def test_clickhouse_is_told_from_its_engines():
    """
    Its tables have neither foreign keys nor nullable columns by default, so they are not tables like others.
    """
    text = "CREATE TABLE e (id UUID, at DateTime('UTC'))\nENGINE = ReplacingMergeTree\nORDER BY at;\n"

    assert "clickhouse" == table("db/e.sql", text, "e").framework
    assert "sql" == table("db/e.sql", "CREATE TABLE e (id int) ENGINE=InnoDB;\n", "e").framework


@pytest.mark.parametrize(
    ("head", "meta", "partial"),
    [
        ("models.Model", "", False),
        ("Base", "", True),
        ("models.Model", "    class Meta:\n        abstract = True\n", True),
    ],
)
def test_models_whose_columns_stand_elsewhere_too(head, meta, partial):
    """
    A model that is abstract or inherits does not list all columns of its tables.
    """
    text = f"class A({head}):\n    b = models.TextField()\n{meta}"

    assert partial is table("shop/models.py", text, "A").partial


HOSTILE = {
    "references.sql": ("db/schema.sql", "CREATE TABLE a (" + "b int references c (d), " * 40_000),
    "alters.sql": ("db/schema.sql", "CREATE TABLE a (b int);" + "ALTER TABLE a ADD c int;" * 40_000),
    "annotations.java": ("src/A.java", "import persistence\n@Entity\nclass A\n" + "@Column\n" * 200_000),
    "fields.ts": ("src/a.ts", "typeorm @Entity\n" + "@Entity(\n" * 100_000),
    "wide.rb": ("db/schema.rb", "create_table :a" + ", [" * 500_000),
    "relations.prisma": ("a.prisma", "model A {\n" + "a A @relation(fields: [" * 50_000 + "\n}\n"),
    "deep.py": ("shop/models.py", "a = models." + "a." * 100_000 + "b(" * 10_000),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_take_no_time(name):
    """
    Whatever a file holds, reading it ends soon, and in a fact.
    """
    path, text = HOSTILE[name]
    began = time.process_time()
    read({path: text})

    assert 4 > time.process_time() - began


class TestUnfinishedSql:
    def test_is_a_problem(self):
        """
        An SQL file with a text that has no end is a problem of its schema; its neighbours are read all the same.
        """
        whole = "CREATE TABLE b (id int NOT NULL);\n"
        fact = read({"db/a.sql": "CREATE TABLE a (id int);\nCOMMENT ON TABLE a IS 'x;\n" + whole, "db/b.sql": whole})

        assert ["db/a.sql:2: a string without an end"] == [str(p) for p in fact.problems]
        assert ["b"] == [t.title for t in fact.tables]

    def test_more_tables_than_are_kept(self):
        """
        A table too many is a problem where it stands.
        """
        fact = read({"db/a.sql": "".join(f"CREATE TABLE t{n} (id int);\n" for n in range(3_001))})

        assert ["db/a.sql:3001"] == [f"{p.path}:{p.line}" for p in fact.problems]
        assert 3_000 == len(fact.tables)


class TestTypes:
    @pytest.mark.parametrize(
        ("change", "kind"),
        [
            ("ALTER COLUMN amount TYPE double precision", "double precision"),
            ("ALTER COLUMN amount SET DATA TYPE text", "text"),
            ("ALTER COLUMN amount SET DEFAULT 0", "numeric(12,2)"),
            ("ALTER COLUMN other TYPE text", "numeric(12,2)"),
        ],
    )
    def test_the_last_type_counts(self, change: str, kind: str) -> None:
        """
        What a column became in a later migration is what it is.
        """
        files = {
            "db/migration/V1__a.sql": "CREATE TABLE a (amount numeric(12,2) NOT NULL);\n",
            "db/migration/V2__b.sql": f"ALTER TABLE a {change};\n",
        }
        found = next(t for t in read(files).tables if t.title == "a")

        assert kind == column(found, "amount").type
