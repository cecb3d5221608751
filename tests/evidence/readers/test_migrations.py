"""What the reader of migrations makes of each framework: forward, irreversible and malformed files."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.facts.migrations import Migration, Migrations
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.migrations import MigrationsReader
from orchestrator.evidence.tree import MemoryTree


def read(files: dict[str, str]) -> Migrations:
    fact = read_tree(MemoryTree(files), [MigrationsReader()])[Migrations]
    assert isinstance(fact, Migrations)
    return fact


def only(path: str, text: str) -> Migration:
    fact = read({path: text})
    assert not fact.problems
    assert 1 == len(fact.files)
    return fact.files[0]


def kinds(migration: Migration) -> list[tuple[str, str, str]]:
    return [(o.kind, o.table, o.column) for o in migration.operations]


def django(operations: str, number: str = "0002_b") -> tuple[str, str]:
    text = "from django.db import migrations, models\nclass Migration(migrations.Migration):\n"
    return f"shop/migrations/{number}.py", f"{text}    operations = [{operations}]\n"


def alembic(up: str, down: str, ids: str = 'revision = "b"\ndown_revision = "a"') -> tuple[str, str]:
    return "alembic/versions/b_x.py", f"{ids}\ndef upgrade():\n    {up}\ndef downgrade():\n    {down}\n"


RAILS = "class A < ActiveRecord::Migration[7.1]\n{}\nend\n"


class TestDjango:
    def test_operations(self):
        """
        Operations are read in their order, with what they do to nullability and defaults.
        """
        migration = only(
            *django(
                'migrations.AddField("order", "paid", models.BooleanField(default=False)),'
                'migrations.RenameField("order", "total", "amount"),'
                'migrations.AddIndex("order", models.Index(fields=["paid"])),'
            )
        )

        assert [
            ("add_column", "order", "paid"),
            ("rename_column", "order", "total"),
            ("add_index", "order", ""),
        ] == kinds(migration)
        assert (False, True) == (migration.operations[0].nullable, migration.operations[0].default)
        assert migration.reversible is True

    @pytest.mark.parametrize("operation", ["migrations.RunPython(f)", 'migrations.RunSQL("DROP TABLE a")'])
    def test_no_way_back(self, operation):
        """
        Code and SQL without their reverse leave no way back.
        """
        assert only(*django(operation)).reversible is False

    def test_former_types(self):
        """
        What a column was before is known from the migrations before.
        """
        fact = read(
            dict(
                [
                    django(
                        'migrations.CreateModel("Order", [("note", models.CharField(max_length=9, null=True))])',
                        "0001_a",
                    ),
                    django('migrations.AlterField("order", "note", models.TextField())'),
                    django('migrations.AlterField("order", "note", models.TextField(blank=True))', "0003_c"),
                ]
            )
        )

        changed = fact.files[1].operations[0]
        assert ("alter_type", "CharField(9)", "TextField") == (changed.kind, changed.was, changed.type)
        assert "alter_column" == fact.files[2].operations[0].kind

    def test_malformed(self):
        """
        A file that is not Python is a problem with its line, never an exception.
        """
        fact = read({"shop/migrations/0001_a.py": "import migrations.Migration\nclass Migration(:\n"})

        assert [2] == [p.line for p in fact.problems] or fact.problems


class TestInForce:
    def test_what_is_not_reached_is_no_step(self):
        """
        What stands behind a return or a false condition is not done, and a way back that does nothing is none.
        """
        path, text = alembic('op.drop_table("a")', 'op.create_table("a")')
        up = text.replace("op.drop_table", "if False:\n        op.drop_column('a', 'b')\n    op.drop_table", 1)
        down = text.replace("op.create_table", "return None\n    op.create_table", 1)

        assert [["drop_table"], ["drop_table"]] == [[kind for kind, *_ in kinds(only(path, t))] for t in (text, up)]
        assert [True, False] == [only(path, t).reversible for t in (text, down)]

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: "raise SystemExit\n" + text,
            lambda text: text + "\nrevision = None\n",
            lambda text: text + "\ndel revision\n",
            lambda text: text + "\nclass op: ...\n",
        ],
    )
    def test_a_migration_that_never_runs_is_a_problem(self, change):
        """
        A revision without its name, without Alembic or behind the end of the program is none.
        """
        path, text = alembic('op.drop_table("a")', "pass")
        fact = read({path: change(text)})

        assert ((), [path]) == (fact.files, [problem.path for problem in fact.problems])


class TestAlembic:
    def test_operations(self):
        """
        SQL handed to execute is read as well; a downgrade that does something is a way back.
        """
        migration = only(
            *alembic(
                'op.add_column("a", sa.Column("b", sa.Integer(), nullable=False)); '
                'op.alter_column("a", "c", new_column_name="d"); op.execute("CREATE INDEX CONCURRENTLY i ON a (b)")',
                'op.drop_column("a", "b")',
            )
        )

        assert [("add_column", "a", "b"), ("rename_column", "a", "c"), ("add_index", "a", "b")] == kinds(migration)
        assert (False, False) == (migration.operations[0].nullable, migration.operations[0].default)
        assert migration.operations[2].concurrently
        assert migration.reversible is True

    @pytest.mark.parametrize("down", ["pass", "raise NotImplementedError()", '"""Not possible."""'])
    def test_no_way_back(self, down):
        """
        A downgrade that does nothing or refuses is not a way back.
        """
        assert only(*alembic('op.drop_table("a")', down)).reversible is False

    @pytest.mark.parametrize(("down", "reversible"), [("pass", None), ("raise NotImplementedError()", False)])
    def test_rows_may_stay_as_they_are(self, down, reversible):
        """
        A downgrade that does nothing may be meant if only rows were changed; one that refuses is not a way back.
        """
        assert only(*alembic('op.execute("UPDATE a SET b = 1")', down)).reversible is reversible

    @pytest.mark.parametrize(
        ("before", "up", "kind"),
        [
            ("", "getattr(op, 'drop_table')('a')", "unknown"),
            ("o = op", "o.drop_table('a')", "unknown"),
            ("from alembic.op import drop_table", "drop_table('a')", "unknown"),
            ("from shop import helpers", "helpers.drop()", "unknown"),
            ("", "op.vanish('a')", "unknown"),
            ("", "op.get_bind().exec_driver_sql('DROP TABLE a')", "drop_table"),
            ("import logging", "logging.info('x')", None),
        ],
    )
    def test_by_another_way(self, before, up, kind):
        """
        Whatever is done with ``op`` by another way than its own name is not harmless.
        """
        path, text = alembic(up, "pass", f'{before}\nrevision = "b"\ndown_revision = "a"')
        operations = only(path, text).operations

        assert ([kind] if kind else []) == [o.kind for o in operations]

    def test_order_follows_the_chain(self):
        """
        Revisions apply in the order they name, not in that of their file names.
        """
        text = "{}\ndef upgrade():\n    op.drop_table('x')\ndef downgrade():\n    pass\n"
        ids = (("z", "None"), ("m", '"z"'), ("a", '"m"'))
        fact = read({f"alembic/versions/{i}.py": text.format(f'revision = "{i}"\ndown_revision = {b}') for i, b in ids})

        assert ["z", "m", "a"] == [m.id for m in fact.newest()]

    def test_a_circle_is_no_endless_loop(self):
        """
        Revisions that wait for each other are listed all the same.
        """
        text = "{}\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n"
        fact = read(
            {
                "alembic/versions/a.py": text.format('revision = "a"\ndown_revision = "b"'),
                "alembic/versions/b.py": text.format('revision = "b"\ndown_revision = "a"'),
            }
        )

        assert 2 == len(fact.files)


@pytest.mark.parametrize(
    ("body", "reversible"),
    [
        ("raise NotImplementedError", False),
        ('"""No way."""\n    raise ValueError("no")', False),
        ("pass", True),
        ("apps.get_model('a', 'b').objects.all().delete()", True),
        ("if apps:\n        raise ValueError", True),
    ],
)
def test_a_way_back_that_refuses_is_none(body: str, reversible: bool) -> None:
    """
    A function that does nothing but raise undoes nothing.
    """
    text = (
        "from django.db import migrations\n\n\ndef go(apps, editor):\n    pass\n\n\n"
        f"def back(apps, editor):\n    {body}\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = []\n    operations = [migrations.RunPython(go, back)]\n"
    )

    assert reversible is only("shop/migrations/0002_b.py", text).reversible


class TestRails:
    def test_change(self):
        """
        A change is undone by Rails itself, and the columns of a new table are not added columns.
        """
        body = (
            "  def change\n    create_table :a do |t|\n      t.string :b, null: false\n    end\n"
            "    add_column :c, :d, :string, null: false\n    add_index :c, :d, algorithm: :concurrently\n  end"
        )
        migration = only("db/migrate/20240501100000_a.rb", RAILS.format(body))

        assert [("create_table", "a", ""), ("add_column", "c", "d"), ("add_index", "c", "d")] == kinds(migration)
        assert migration.operations[2].concurrently
        assert ("2024-05-01", True) == (migration.written, migration.reversible)

    @pytest.mark.parametrize(
        "body",
        [
            "  def up\n    drop_table :a\n  end\n  def down\n    raise ActiveRecord::IrreversibleMigration\n  end",
            "  def up\n    drop_table :a\n  end",
            '  def change\n    execute "UPDATE a SET b = 1"\n  end',
            "  def change\n    remove_column :a, :b\n  end",
        ],
    )
    def test_no_way_back(self, body):
        """
        A down that raises, none at all, and steps that Rails cannot reverse leave no way back.
        """
        assert only("db/migrate/20240501100000_a.rb", RAILS.format(body)).reversible is False

    def test_malformed(self):
        """
        A file without a migration class is a problem.
        """
        assert read({"db/migrate/20240501100000_a.rb": "puts 1\n"}).problems

    @pytest.mark.parametrize(
        ("around", "reason"),
        [
            ("=begin\n{}\n=end\n", "neither change nor up is defined"),
            ("TEXT = <<~'TEXT'\n{}\nTEXT\n", "neither change nor up is defined"),
            ("if false\n{}\nend\n", "it cannot be told that what it would do is in force"),
            ("exit\n{}\n", "it cannot be told that what it would do is in force"),
            ("def nobody\n{}\nend\n", "it cannot be told that what it would do is in force"),
            ("if ENV['ON'] == 'yes'\n{}\nend\n", "it cannot be told that what it would do is in force"),
        ],
    )
    def test_what_is_void_is_a_problem(self, around, reason):
        """
        A class that Ruby never comes to, or by a setting alone, changes nothing that anybody can tell.
        """
        text = RAILS.format("  def change\n    add_column :a, :b, :string, null: false\n  end")
        fact = read({"db/migrate/20240501100000_a.rb": around.format(text)})

        assert () == fact.files
        assert [reason] == [p.reason for p in fact.problems]

    def test_a_step_that_is_never_come_to(self):
        """
        It is none; SQL in a text is what runs.
        """
        body = "  def up\n    execute <<~SQL\n      DROP TABLE a\n    SQL\n    return\n    drop_table :b\n  end"
        migration = only("db/migrate/20240501100000_a.rb", RAILS.format(body))

        assert [("drop_table", "a", "")] == kinds(migration)


class TestScripts:
    @pytest.mark.parametrize(
        ("around", "there"),
        [("{}", True), ("if (false) {{\n{} }}", False), ("return;\n{}", False), ("/*\n{}\n*/", False)],
    )
    def test_steps_that_are_never_come_to(self, around, there):
        """
        What stands in dead code of JavaScript is no step.
        """
        step = around.format('await knex.schema.dropTable("a")')
        text = f"exports.up = async (knex) => {{\n  {step}\n}}\nexports.down = async (knex) => {{}}\n"

        assert there is bool(only("migrations/20240501_a.js", text).operations)


class TestSqlFiles:
    def test_pairs(self):
        """
        A down file undoes its up file; an up file alone has no way back.
        """
        fact = read(
            {
                "migrations/1_a.up.sql": "CREATE TABLE a (id int);",
                "migrations/1_a.down.sql": "DROP TABLE a;",
                "migrations/2_b.up.sql": "CREATE TABLE b (id int);",
                "migrations/10_c.up.sql": "CREATE TABLE c (id int);",
                "migrations/10_c.down.sql": "-- nothing\n",
            }
        )

        found = {m.id: (m.reversible, m.position) for m in fact.files}
        assert {"1_a": (True, 1), "2_b": (False, 2), "10_c": (False, 3)} == found

    @pytest.mark.parametrize(
        ("up", "down", "reversible"),
        [
            ("CALL ops.split('a');", "CALL ops.join('a');", None),
            ("CREATE TABLE b (id int); CALL ops.split('b');", "DROP TABLE b;", True),
            ("CREATE TABLE b (id int);", "CALL ops.drop('b');", None),
            ("INSERT INTO a VALUES (1);", "DELETE FROM a;", True),
            ("INSERT INTO a VALUES (1);", "CALL ops.empty('a');", True),
        ],
    )
    def test_procedures(self, up, down, reversible):
        """
        Whether one procedure takes back what another has done is not to be told, for neither is here.
        """
        fact = read({"migrations/1_a.up.sql": up, "migrations/1_a.down.sql": down})

        assert [reversible] == [m.reversible for m in fact.files]

    @pytest.mark.parametrize(
        ("up", "down", "framework"),
        [
            ("-- +goose Up", "-- +goose Down", "goose"),
            ("-- migrate:up", "-- migrate:down", "dbmate"),
            ("-- +migrate Up", "-- +migrate Down", "sql-migrate"),
        ],
    )
    def test_both_in_one_file(self, up, down, framework):
        """
        Only the statements above the down mark are operations; what is below is the undo.
        """
        text = f"{up}\nALTER TABLE a ADD b int;\n{down}\n"
        migration = only("db/migrations/20240501_a.sql", text + "ALTER TABLE a DROP b;\n")

        assert (framework, True, 3) == (migration.framework, migration.reversible, migration.down_line)
        assert [("add_column", "a", "b")] == kinds(migration)
        assert only("db/migrations/20240501_a.sql", text).reversible is False

    @pytest.mark.parametrize(
        ("path", "framework", "reversible"),
        [
            ("src/main/resources/db/migration/V2__a.sql", "flyway", None),
            ("prisma/migrations/20240501100000_a/migration.sql", "prisma", None),
            ("supabase/migrations/20240501100000_a.sql", "supabase", None),
            ("migrations/2024-05-01-1_a/up.sql", "diesel", False),
        ],
    )
    def test_tools(self, path, framework, reversible):
        """
        The tool is told from the path; one whose undo is kept elsewhere by design is not called irreversible.
        """
        migration = only(path, "CREATE TABLE a (id int);\n")

        assert (framework, reversible) == (migration.framework, migration.reversible)

    def test_dialects(self):
        """
        What one dialect alone has is understood, and what nobody understands becomes an operation with its line.
        """
        text = (
            "ALTER TABLE `a` MODIFY b varchar(9), CHANGE c d int;\nNONSENSE;\nALTER TABLE a ADD CHECK (b > 0) NOT VALID"
        )
        migration = only("migrations/001_a.sql", text)

        assert ["alter_type", "rename_column", "unknown", "add_check"] == [o.kind for o in migration.operations]
        assert (2, True) == (migration.operations[2].line, migration.operations[3].not_valid)

    def test_malformed(self):
        """
        A file of which nothing is SQL is a problem.
        """
        assert read({"migrations/001_a.sql": "hello world, this is prose"}).problems

    def test_text_in_quotes_is_no_statement(self):
        """
        Semicolons and comments inside strings, dollar quotes and routines end nothing.
        """
        text = (
            "INSERT INTO a VALUES ('; DROP TABLE b; --');\n"
            "CREATE FUNCTION f() RETURNS void AS $$ DROP TABLE b; $$ LANGUAGE sql;\n"
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN DELETE FROM b; END;\nDROP TABLE c;"
        )

        assert ["run_sql", "other", "unknown", "drop_table"] == [
            o.kind for o in only("migrations/1_a.sql", text).operations
        ]


LIQUIBASE = '<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n{}\n</databaseChangeLog>'


class TestLiquibase:
    def test_change_sets(self):
        """
        Each change set is a migration; those that Liquibase cannot reverse need a rollback.
        """
        fact = read(
            {
                "db/changelog.xml": LIQUIBASE.format(
                    '<changeSet id="1"><createTable tableName="a"><column name="b"/></createTable></changeSet>\n'
                    '<changeSet id="2" author="x"><dropColumn tableName="a" columnName="b"/></changeSet>\n'
                    '<changeSet id="3" author="x"><sql>DROP TABLE a</sql><rollback>SELECT 1</rollback></changeSet>'
                )
            }
        )

        assert [("1", 2, True), ("2", 3, False), ("3", 4, True)] == [(m.id, m.line, m.reversible) for m in fact.files]

    def test_yaml(self):
        """
        Change logs in YAML say the same.
        """
        text = (
            "databaseChangeLog:\n  - changeSet:\n      id: 1\n      changes:\n        - addColumn:\n"
            "            tableName: a\n"
            "            columns:\n              - column: {name: b, type: int, constraints: {nullable: false}}\n"
        )
        migration = only("db/changelog/db.changelog-master.yaml", text)

        assert [("add_column", "a", "b")] == kinds(migration)
        assert (False, True) == (migration.operations[0].nullable, migration.reversible)

    @pytest.mark.parametrize(
        "text",
        [
            '<!DOCTYPE x [<!ENTITY e "boom">]>\n' + LIQUIBASE.format("&e;"),
            "<databaseChangeLog>",
            "<a>" * 500 + "databaseChangeLog",
        ],
    )
    def test_malformed(self, text):
        """
        Entities, missing ends and absurd depth are problems.
        """
        assert read({"db/changelog.xml": text}).problems


SCRIPTS = [
    (
        "migrations/20240501_a.js",
        "exports.up = async (knex) => {\n  await knex.schema.table('a', (t) => {\n    t.string('b').notNullable();\n"
        "    t.dropColumn('c');\n  });\n};\nexports.down = {};\n",
        "async (knex) => { await knex.schema.table('a', (t) => t.dropColumn('b')); }",
        "async () => {}",
        "knex",
    ),
    (
        "migrations/20240501-a.js",
        "module.exports = {\n  up: async (queryInterface, S) => {\n    await queryInterface.addColumn('a', 'b', {\n"
        "      type: S.STRING, allowNull: false });\n    await queryInterface.removeColumn('a', 'c');\n  },\n"
        "  down: {}\n};\n",
        "async (queryInterface) => { await queryInterface.removeColumn('a', 'b'); }",
        "async () => { throw new Error('no'); }",
        "sequelize",
    ),
    (
        "src/migrations/1714550400-A.ts",
        "export class A implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n"
        '    await queryRunner.query(`ALTER TABLE "a" ADD "b" text NOT NULL`);\n'
        '    await queryRunner.query(`ALTER TABLE "a" DROP COLUMN "c"`);\n  }\n'
        "  public async down(queryRunner: QueryRunner): Promise<void> {{}\n}}\n",
        " await queryRunner.dropColumn('a', 'b');",
        "",
        "typeorm",
    ),
]


@pytest.mark.parametrize(("path", "text", "undo", "nothing", "framework"), SCRIPTS)
def test_javascript(path, text, undo, nothing, framework):
    """
    Knex, Sequelize and TypeORM: a column without default, a dropped one, and a down that does something or nothing.
    """
    forward = only(
        path, text.replace("{}\n}", undo + "\n}") if framework != "knex" else text.replace("{};", undo + ";")
    )
    stuck = only(
        path, text.replace("{}\n}", nothing + "\n}") if framework != "knex" else text.replace("{};", nothing + ";")
    )

    assert framework == forward.framework
    assert [("add_column", "a", "b"), ("drop_column", "a", "c")] == kinds(forward)
    assert (False, False) == (forward.operations[0].nullable, forward.operations[0].default)
    assert (True, False) == (forward.reversible, stuck.reversible)


def test_laravel():
    """
    Laravel: columns are NOT NULL unless they say otherwise, and an empty down is not a way back.
    """
    text = (
        "<?php\nreturn new class extends Migration {\n    public function up(): void\n    {\n"
        "        Schema::table('a', function (Blueprint $table) {\n            $table->string('b');\n"
        "            $table->dropColumn('c');\n        });\n    }\n    public function down(): void\n    {{\n"
        "        {}\n    }}\n}};\n"
    )
    path = "database/migrations/2024_05_01_100000_a.php"
    forward = only(path, text.replace("{{", "{").replace("}}", "}").replace("{}", "Schema::dropIfExists('a');"))
    stuck = only(path, text.replace("{{", "{").replace("}}", "}").replace("{}", "//"))

    assert [("add_column", "a", "b"), ("drop_column", "a", "c")] == kinds(forward)
    assert ("laravel", "2024-05-01", False) == (forward.framework, forward.written, forward.operations[0].nullable)
    assert (True, False) == (forward.reversible, stuck.reversible)


def test_ef_core():
    """
    Entity Framework Core: named arguments tell table, column and the former type.
    """
    text = (
        "public partial class A : Migration {\n  protected override void Up(MigrationBuilder migrationBuilder) {\n"
        '    migrationBuilder.AddColumn<string>(\n        name: "b",\n        table: "a",\n        nullable: false);\n'
        '    migrationBuilder.AlterColumn<int>(name: "c", table: "a", type: "int", oldType: "text");\n  }\n'
        "  protected override void Down(MigrationBuilder migrationBuilder) {\n    DOWN\n  }\n}\n"
    )
    path = "Data/Migrations/20240501100000_A.cs"
    forward = only(path, text.replace("DOWN", 'migrationBuilder.DropColumn(name: "b", table: "a");'))

    assert [("add_column", "a", "b"), ("alter_type", "a", "c")] == kinds(forward)
    assert (False, "text") == (forward.operations[0].default, forward.operations[1].was)
    assert (True, False) == (forward.reversible, only(path, text.replace("DOWN", "")).reversible)


def test_ecto():
    """
    Ecto: a change that removes a column without its type cannot be reversed.
    """
    text = (
        "defmodule A do\n  use Ecto.Migration\n  def change do\n    alter table(:a) do\n      {}\n    end\n  end\nend\n"
    )
    path = "priv/repo/migrations/20240501100000_a.exs"
    forward = only(path, text.format("add :b, :string, null: false"))

    short = "defmodule A do\n  def change do\n    alter table(:a), do: add(:b, :string)\n  end\nend\n"

    assert [("add_column", "a", "b")] == kinds(forward) == kinds(only(path, short))
    assert (True, False) == (forward.reversible, only(path, text.format("remove :b")).reversible)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('execute("create table b (c int)", "drop table b")', (["create_table"], True)),
        ('execute(\n  """\n  create table b (c int)\n  """,\n  "drop table b"\n)', (["create_table"], True)),
        ('execute "create table b (c int)"', (["create_table"], False)),
        ('execute("create table b (c int)", "")', (["create_table"], False)),
        ('execute("select fill()", "")', (["run_sql"], True)),
        ('execute(File.read!("b.sql"), "drop table b")', (["run_sql"], None)),
        ("execute(&forth/0, &back/0)", (["run_sql"], None)),
    ],
)
def test_ecto_runs_statements(call: str, expected: tuple[list[str], bool | None]) -> None:
    """
    Ecto: a statement over several lines is read; of one that stands elsewhere nobody can tell what takes it back.
    """
    text = f"defmodule A do\n  use Ecto.Migration\n  def change do\n    {call}\n  end\nend\n"
    migration = only("priv/repo/migrations/20240501100000_a.exs", text)

    assert expected == ([operation.kind for operation in migration.operations], migration.reversible)


def test_sql_inside_go():
    """
    A Go program that carries its schema as strings: operations with their lines, and no word on how to undo them.
    """
    migration = only("store/migrate.go", "package store\n\nvar all = []string{\n\t`create table a (id int);`,\n}\n")

    assert [("create_table", "a", "")] == kinds(migration)
    assert (4, None) == (migration.operations[0].line, migration.reversible)


class TestNewest:
    def test_old_ones_are_left_out(self):
        """
        The last ten of each folder count, and of those none that is more than a year older than the newest.
        """
        body = RAILS.format("  def change\n    add_index :a, :b\n  end")
        fact = read({f"db/migrate/{year}0501100000_a.rb": body for year in (2021, 2023, 2024)})

        assert ["2023-05-01", "2024-05-01"] == [m.written for m in fact.newest()]
        assert 1 == len(fact.newest(1))

    def test_tests_and_examples_are_no_migrations(self):
        """
        Migrations of tests and examples are nobody's schema.
        """
        assert not read(
            {"tests/migrations/001_a.sql": "CREATE TABLE a (id int);", "examples/migrations/001_a.sql": "x"}
        ).files


HOSTILE = {
    "deep.py": ("alembic/versions/a.py", "down_revision = 1\ndef upgrade(): pass\nx = " + "(" * 5_000),
    "unary.py": ("alembic/versions/a.py", "down_revision = 1\ndef upgrade(): pass\nx = " + "-" * 200_000 + "1"),
    "sum.py": ("alembic/versions/a.py", "down_revision = 1\ndef upgrade(): op.execute(" + "'a' + " * 50_000 + "'b')"),
    "quotes.sql": ("migrations/1_a.sql", "DROP TABLE a; " + "'" * 1_000_000),
    "brackets.sql": ("migrations/1_a.sql", "CREATE TABLE a (b int DEFAULT " + "(" * 500_000),
    "references.sql": ("migrations/1_a.sql", "CREATE TABLE a (" + "b int references c (d), " * 40_000),
    "dollars.sql": ("migrations/1_a.sql", "DROP TABLE a;" + "".join(f"$a{n}$" for n in range(100_000))),
    "routine.sql": ("migrations/1_a.sql", "CREATE FUNCTION f BEGIN " + "x;" * 300_000),
    "calls.rb": (
        "db/migrate/1_a.rb",
        "class A < Migration\ndef change\n" + "add_index :a, [" * 30_000 + "\n" + "add_index :a,\n" * 30_000,
    ),
    "calls.js": ("migrations/1_a.js", "exports.up = (knex) => {\n" + "knex.raw(`\n" * 50_000),
    "line.js": ("migrations/1_a.js", "exports.up = (knex) => {" + "knex.table('a', (t) => {" * 50_000),
    "calls.php": (
        "database/migrations/1_a.php",
        "Migration\nfunction up() {\n" + "Schema::table('a', function(\n" * 30_000,
    ),
    "calls.cs": ("Migrations/1_a.cs", "override void Up(migrationBuilder\n" + '.Sql("\n' * 50_000),
    "set.xml": ("db/changelog.xml", LIQUIBASE.format("<changeSet>" + "<sql>a;</sql>" * 50_000 + "</changeSet>")),
    "raw.go": ("store/migrate.go", "`create table a` " + '"' * 400_000 + "`create table b` " * 20_000),
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


class TestLongMigrations:
    def test_every_operation_is_kept(self):
        """
        What stands far down in a long migration is an operation like those above it.
        """
        text = "".join(f"CREATE TABLE t{n} (id int);\n" for n in range(500)) + "DROP TABLE orders;\n"
        fact = read_tree(MemoryTree({"migrations/V1__a.sql": text}), [MigrationsReader()])[Migrations]

        assert isinstance(fact, Migrations)
        assert "drop_table" == fact.files[0].operations[-1].kind
        assert not fact.problems

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("DROP TABLE orders;\n" * 1_001, "1,000 operations or more"),
            ("DROP TABLE orders;\n/* for now", "a comment without an end"),
            ('DROP TABLE "orders;\n', "a quoted name without an end"),
        ],
        ids=["long", "comment", "name"],
    )
    def test_what_was_not_read_is_said(self, text, said):
        """
        A migration of which a part was not read is a problem.
        """
        (problem,) = read_tree(MemoryTree({"migrations/V1__a.sql": text}), [MigrationsReader()])[Migrations].problems

        assert said in problem.reason
