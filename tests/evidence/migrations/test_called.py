"""What migrations in JavaScript, PHP, Ruby, C# and Java call, in the forms that people write them."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.migrations import Migration, Migrations
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.migrations import MigrationsReader
from orchestrator.evidence.tree import MemoryTree


def only(path: str, text: str) -> Migration:
    fact = read_tree(MemoryTree({path: text}), [MigrationsReader()])[Migrations]
    assert isinstance(fact, Migrations)
    assert ((), 1) == (fact.problems, len(fact.files))
    return fact.files[0]


def said(migration: Migration) -> list[str]:
    return [f"{o.kind} {o.table}.{o.column}".strip(". ") for o in migration.operations]


def knex(body: str, back: str = "k.schema.dropTable('z')") -> Migration:
    text = f"exports.up = async (k) => {{ {body} }}\nexports.down = (k) => {back}\n"
    return only("migrations/20240501_a.js", text)


def sequelize(body: str) -> Migration:
    text = f"module.exports = {{ async up(q, S) {{ {body} }}, async down(q, S) {{ await q.dropTable('z') }} }}\n"
    return only("migrations/20240501-a.js", "// queryInterface\n" + text)


def typeorm(body: str) -> Migration:
    head = "import { MigrationInterface } from 'typeorm'\nexport class A implements MigrationInterface {\n"
    text = f"  async up(q) {{ {body} }}\n  async down(q) {{ await q.dropTable('z') }}\n}}\n"
    return only("src/migrations/1714550400-A.ts", head + text)


def pgm(body: str) -> Migration:
    return only("migrations/1714550400_a.js", f"exports.up = (pgm) => {{ {body} }}\nexports.down = (pgm) => {{}}\n")


def laravel(body: str, back: str = "") -> Migration:
    head = "<?php\nreturn new class extends Migration {\n  public function up(): void\n  {\n"
    return only(
        "database/migrations/2024_05_01_100000_a.php",
        f"{head}    {body}\n  }}\n  public function down(): void\n  {{\n    {back}\n  }}\n}};\n",
    )


def phinx(body: str) -> Migration:
    head = "<?php\nfinal class A extends AbstractMigration\n{\n  public function change(): void\n  {\n"
    return only("db/migrations/20240501100000_a.php", f"{head}    {body}\n  }}\n}}\n")


def rails(body: str, more: str = "") -> Migration:
    text = f"class A < ActiveRecord::Migration[7.1]\n{more}  def change\n    {body}\n  end\nend\n"
    return only("db/migrate/20240501100000_a.rb", text)


def ef(body: str) -> Migration:
    head = "public partial class A : Migration {\n  protected override void Up(MigrationBuilder m) {\n    "
    text = (
        f'{body}\n  }}\n  protected override void Down(MigrationBuilder m) {{\n    m.DropTable(name: "z");\n  }}\n}}\n'
    )
    return only("Data/Migrations/20240501100000_A.cs", head + text)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await k.schema.alterTable('a', t => { t.dropColumn('b') })", ["drop_column a.b"]),
        (
            "return k.schema.table('a', function (t) { t.dropColumns('b', 'c') })",
            ["drop_column a.b", "drop_column a.c"],
        ),
        ("await k.schema.table('a', t => t.renameColumn('b', 'c'))", ["rename_column a.b"]),
        ("await k.schema.table('a', t => { t.unique(['b', 'c']) })", ["add_unique a.b, c"]),
        ("await k.schema.table('a', t => { t.index('b'); t.dropIndex('b') })", ["add_index a.b", "drop_index a"]),
        ("await k.schema.table('a', t => { t.dropNullable('b') })", ["set_not_null a.b"]),
        ("await k.schema.table('a', t => { t.timestamps() })", ["add_column a.created_at", "add_column a.updated_at"]),
        (
            "await k.schema.createTable('a', t => { t.string('b') }).createTable('c', t => {})",
            ["create_table a", "create_table c"],
        ),
        ("await k.schema.dropTableIfExists('a')", ["drop_table a"]),
        ("await k.schema.renameTable('a', 'b')", ["rename_table a"]),
        ("await k.schema.dropView('v')", ["drop_object v"]),
        ("await k.raw('ALTER TABLE a DROP COLUMN b')", ["drop_column a.b"]),
        ("await k.schema.raw(`ALTER TABLE a DROP COLUMN b`)", ["drop_column a.b"]),
        ("await k.raw(text)", ["run_sql"]),
        ("await k('a').where({ b: 1 }).update({ c: 2 })", ["run_code"]),
        ("const [n] = await k('a').count(); console.log(n)", []),
        ("if (!(await k.schema.hasTable('a'))) { await k.schema.createTable('a', t => {}) }", ["create_table a"]),
        ("await forget(k)", ["unknown"]),
        ("await k.schema.vanish('a')", ["unknown"]),
        ("await k.schema.table('a', t => { t.vanish() })", ["unknown a"]),
        ("if (false) { await k.schema.dropTable('a') }", []),
        ("/* await k.schema.dropTable('a') */", []),
    ],
)
def test_knex(body: str, expected: list[str]) -> None:
    """
    Knex: each change of a table, chained or not; what nobody knows is said, and what never runs is left out.
    """
    assert expected == said(knex(body))


def test_knex_columns() -> None:
    """
    An added column says whether it may be NULL and has a default; one that is altered, what its way back restores.
    """
    added = knex(
        "await k.schema.table('a', t => { t.string('b', 9).notNullable(); t.integer('c').notNullable().defaultTo(1) })"
    )
    altered = knex(
        "await k.schema.table('a', t => { t.string('b', 5).notNullable().alter() })",
        "k.schema.table('a', t => { t.string('b', 40).nullable().alter() })",
    )

    assert [("string(9)", False, False), ("integer", False, True)] == [
        (o.type, o.nullable, o.default) for o in added.operations
    ]
    assert [("alter_type", "string(40)"), ("set_not_null", "string(40)")] == [
        (o.kind, o.was) for o in altered.operations
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await q.addColumn('a', 'b', { type: S.STRING, allowNull: false })", ["add_column a.b"]),
        ("await q.removeColumn('a', 'b')", ["drop_column a.b"]),
        ("await q.renameColumn('a', 'b', 'c')", ["rename_column a.b"]),
        ("await q.changeColumn('a', 'b', { type: S.TEXT })", ["alter_type a.b"]),
        ("await q.addIndex('a', ['b'], { unique: true })", ["add_unique a.b"]),
        ("await q.addIndex('a', { fields: ['b', 'c'] })", ["add_index a.b, c"]),
        ("await q.addConstraint('a', { type: 'unique', fields: ['b'] })", ["add_unique a.b"]),
        ("await q.addConstraint('a', { type: 'foreign key', fields: ['b'] })", ["add_foreign_key a.b"]),
        ("await q.addConstraint('a', { type: 'check', fields: ['b'] })", ["add_check a.b"]),
        ("await q.bulkInsert('a', [{ b: 1 }])", ["run_code"]),
        ("await q.sequelize.query('DROP VIEW v')", ["drop_object v"]),
        (
            "await q.sequelize.transaction(async (t) => { await q.dropTable('a', { transaction: t }) })",
            ["drop_table a"],
        ),
        ("const d = await q.describeTable('a')", []),
        ("await Promise.all([q.removeColumn('a', 'b'), q.dropTable('c')])", ["drop_column a.b", "drop_table c"]),
    ],
)
def test_sequelize(body: str, expected: list[str]) -> None:
    """
    Sequelize: options in objects, several changes at once, and what happens inside a transaction.
    """
    assert expected == said(sequelize(body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await q.dropColumns('a', ['b', 'c'])", ["drop_column a.b", "drop_column a.c"]),
        ("await q.addColumn('a', new TableColumn({ name: 'b', type: 'text', isNullable: false }))", ["add_column a.b"]),
        ("await q.createTable(new Table({ name: 'a', columns: [{ name: 'b', type: 'int' }] }))", ["create_table a"]),
        ("await q.createIndex('a', new TableIndex({ columnNames: ['b'], isUnique: true }))", ["add_unique a.b"]),
        ("await q.query(`ALTER TABLE a DROP COLUMN b`)", ["drop_column a.b"]),
        ("await q.renameTable('a', 'b')", ["rename_table a"]),
    ],
)
def test_typeorm(body: str, expected: list[str]) -> None:
    """
    TypeORM: columns, tables and indexes as objects that are made on the spot.
    """
    assert expected == said(typeorm(body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pgm.addColumns('a', { b: { type: 'text', notNull: true } })", ["add_column a.b"]),
        ("pgm.dropColumns('a', ['b'])", ["drop_column a.b"]),
        ("pgm.alterColumn('a', 'b', { default: null })", ["drop_default a.b", "alter_column a.b"]),
        ("pgm.createIndex('a', 'b', { unique: true, concurrently: true })", ["add_unique a.b"]),
        ("pgm.dropType('state')", ["drop_object state"]),
        ("pgm.renameTypeValue('state', 'a', 'b')", ["rename_object state"]),
        ("pgm.sql('DROP TABLE a')", ["drop_table a"]),
        ("pgm.noTransaction()", []),
    ],
)
def test_node_pg_migrate(body: str, expected: list[str]) -> None:
    """
    node-pg-migrate: several columns in one object, defaults that are dropped, types.
    """
    assert expected == said(pgm(body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("$t->dropColumn(['b', 'c']);", ["drop_column a.b", "drop_column a.c"]),
        ("$t->dropSoftDeletes();", ["drop_column a.deleted_at"]),
        ("$t->renameColumn('b', 'c');", ["rename_column a.b"]),
        ("$t->unique(['b']);", ["add_unique a.b"]),
        ("$t->index('b');", ["add_index a.b"]),
        ("$t->foreign('b')->references('id')->on('c');", ["add_foreign_key a.b"]),
        ("$t->dropUnique('x');", ["drop_constraint a"]),
        ("$t->string('b')->nullable();", ["add_column a.b"]),
        ("$t->string('b', 9)->change();", ["alter_type a.b"]),
        ("$t->timestamps();", []),
        ("$t->vanish();", ["unknown a"]),
        ("$known = $this->listTableIndexes('a');", []),
        ("$known = $manager->listTableColumns('a');", []),
        ("$this->forget('a');", ["unknown a"]),
        ("$column->default('b');", ["unknown a"]),
    ],
)
def test_laravel_tables(body: str, expected: list[str]) -> None:
    """
    Laravel: each statement of a Blueprint, on one line or several.
    """
    assert expected == said(laravel(f"Schema::table('a', function (Blueprint $t) {{ {body} }});"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Schema::dropIfExists('a');", ["drop_table a"]),
        ("Schema::rename('a', 'b');", ["rename_table a"]),
        ("Schema::connection('x')->dropIfExists('a');", ["drop_table a"]),
        ("if (Schema::hasTable('a')) { Schema::drop('a'); }", ["drop_table a"]),
        ("DB::statement('ALTER TABLE a DROP COLUMN b');", ["drop_column a.b"]),
        ("DB::statement($sql);", ["run_sql"]),
        ("DB::table('a')->update(['b' => 1]);", ["run_code a"]),
        ("$this->forget('a');", ["unknown"]),
        ("Schema::vanish('a');", ["unknown a"]),
    ],
)
def test_laravel(body: str, expected: list[str]) -> None:
    """
    Laravel: whole tables, SQL of its own, rows, and a helper that nobody here can look into.
    """
    assert expected == said(laravel(body))


@pytest.mark.parametrize(
    ("migration", "expected"),
    [
        (knex("k.schema.alterTable('a', (t) => { t.string('b'); log.info('c'); })"), ["add_column a.b", "unknown a"]),
        (knex("k.schema.alterTable('a', function () { this.string('b') })"), ["add_column a.b"]),
        (rails("change_table(:a) { |t| t.string :b; Log.info :c }"), ["add_column a.b", "run_code"]),
    ],
)
def test_only_the_table_is_told_of_columns(migration: Migration, expected: list[str]) -> None:
    """
    What is called on anything but the table that a function is given defines no column.
    """
    assert expected == said(migration)


def test_laravel_column() -> None:
    """
    The way back tells what a column was: longer, and open to NULL.
    """
    table = "Schema::table('a', function (Blueprint $t) {{ {} }});"
    found = laravel(
        table.format("$t->string('b', 5)->nullable(false)->change();"),
        table.format("$t->string('b', 40)->nullable()->change();"),
    )

    assert [("alter_type", "string(40)", "string(5)"), ("set_not_null", "string(40)", "string(5)")] == [
        (o.kind, o.was, o.type) for o in found.operations
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("$this->table('a')->addColumn('b', 'string', ['null' => true])->update();", ["add_column a.b"]),
        ("$this->table('a')->removeColumn('b')->save();", ["drop_column a.b"]),
        ("$this->table('a')->renameColumn('b', 'c')->update();", ["rename_column a.b"]),
        ("$this->table('a')->addIndex(['b'], ['unique' => true])->update();", ["add_unique a.b"]),
        ("$this->table('a')->drop()->save();", ["drop_table a"]),
        ("$this->table('a')->addColumn('b', 'string')->create();", ["create_table a"]),
        ("$this->execute('DROP VIEW v');", ["drop_object v"]),
    ],
)
def test_phinx(body: str, expected: list[str]) -> None:
    """
    Phinx: a chain of changes that ends in update, save or create.
    """
    assert expected == said(phinx(body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("change_table :a do |t|\n t.rename :b, :c\n end", ["rename_column a.b"]),
        ("change_table(:a) { |t| t.remove :b, :c }", ["drop_column a.b", "drop_column a.c"]),
        ("change_table :a do |t|\n t.string :b, null: false\n end", ["add_column a.b"]),
        ("change_table :a do |t|\n t.change_null :b, false\n end", ["set_not_null a.b"]),
        ("change_table :a do |t|\n t.vanish\n end", ["unknown a"]),
        ("remove_columns :a, :b, :c, type: :string", ["drop_column a.b", "drop_column a.c"]),
        ("add_reference :a, :b, null: false", ["add_column a.b_id"]),
        ("rename_table :a, :b", ["rename_table a"]),
        ("change_column_default :a, :b, from: 1, to: nil", ["drop_default a.b"]),
        ("change_column_default :a, :b, 2", ["alter_column a.b"]),
        ("add_index :a, [:b, :c], unique: true", ["add_unique a.b, c"]),
        ("execute <<~SQL\n      ALTER TABLE a DROP COLUMN b\n    SQL", ["drop_column a.b"]),
        ("execute 'ALTER TABLE a DROP COLUMN b'", ["drop_column a.b"]),
        ("execute text", ["run_sql"]),
        ("A.where(b: 1).update_all(c: 2)", ["run_code"]),
        ("reversible do |dir|\n dir.up { drop_table :a }\n dir.down { create_table :a }\n end", ["drop_table a"]),
        ("safety_assured { remove_column :a, :b, :string }", ["drop_column a.b"]),
        ("forget_all", ["unknown"]),
        ("forget_all :a", ["unknown"]),
        ("send(:drop_table, :a)", ["unknown"]),
        ("ActiveRecord::Base.connection.drop_table :a", ["drop_table a"]),
        ("Crossing.connection.execute 'DROP VIEW v'", ["drop_object v"]),
        ("Cleanup.forget", ["run_code"]),
        ("Rails.logger.info 'x'", []),
        ("remove_column :a, :b, :string if false", []),
    ],
)
def test_rails(body: str, expected: list[str]) -> None:
    """
    Rails: blocks, heredocs, rows, and a method that comes from elsewhere.
    """
    assert expected == said(rails(body))


def test_rails_follows_its_own_methods() -> None:
    """
    A method of the same class is followed, once, however often it calls itself.
    """
    more = "  def tidy\n    drop_table :a\n    tidy\n  end\n"

    assert ["drop_table a"] == said(rails("tidy", more))


@pytest.mark.parametrize(("line", "expected"), [("", True), ("  disable_ddl_transaction!\n", False)])
def test_rails_transaction(line: str, expected: bool) -> None:
    """
    An index that is built CONCURRENTLY stands in Rails' transaction, unless the migration has switched that off.
    """
    assert expected is rails("add_index :a, :b, algorithm: :concurrently", line).operations[0].transaction


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('m.DropColumn(name: "b", table: "a");', ["drop_column a.b"]),
        ('m.RenameColumn(name: "b", table: "a", newName: "c");', ["rename_column a.b"]),
        ('m.CreateIndex(name: "i", table: "a", column: "b", unique: true);', ["add_unique a.b"]),
        ('m.CreateIndex(name: "i", table: "a", columns: new[] { "b", "c" });', ["add_index a.b, c"]),
        ('m.AlterColumn<string>(name: "b", table: "a", nullable: false, oldNullable: true);', ["set_not_null a.b"]),
        ('m.AlterColumn<string>(name: "b", table: "a", type: "text", oldType: "int");', ["alter_type a.b"]),
        ('m.AlterColumn<string>(name: "b", table: "a", type: "text", oldType: "text");', ["alter_column a.b"]),
        ('m.Sql("ALTER TABLE a DROP COLUMN b");', ["drop_column a.b"]),
        ("m.Sql(text);", ["run_sql"]),
        ('m.EnsureSchema(name: "x");', []),
        ('m.DropSchema(name: "x");', ["drop_object"]),
        ("Helper.Forget(m);", ["unknown"]),
        ("m.Vanish();", ["unknown"]),
    ],
)
def test_ef_core(body: str, expected: list[str]) -> None:
    """
    Entity Framework Core: whatever the builder is called, named arguments, and a helper that it is handed to.
    """
    assert expected == said(ef(body))


JAVA = (
    "package db.migration;\nimport org.flywaydb.core.api.migration.*;\n"
    "public class V3__Tidy extends BaseJavaMigration {\n"
    "  public void migrate(Context c) throws Exception {\n    {}\n  }\n}\n"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('c.getConnection().createStatement().execute("ALTER TABLE a DROP COLUMN b");', ["drop_column a.b"]),
        ('jdbc.update("UPDATE a SET b = 1");', ["run_sql a"]),
        ("statement.execute(text);", ["unknown"]),
        ("helper.tidy(c);", ["unknown"]),
    ],
)
def test_flyway_in_java(body: str, expected: list[str]) -> None:
    """
    Flyway's migrations in Java: their SQL is read, and what else they do nobody can tell.
    """
    assert expected == said(only("src/main/java/db/migration/V3__Tidy.java", JAVA.replace("{}", body)))
