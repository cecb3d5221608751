"""Schemas that migrations in other languages than SQL leave behind."""

from __future__ import annotations

import pytest

from orchestrator import Schema
from orchestrator.contract.testing import facts_of

ECTO = (
    "defmodule Shop.A do\n  use Ecto.Migration\n\n  def change do\n    create table(:people) do\n"
    "      add :email, :string, null: false\n    end\n\n    create unique_index(:people, [:email])\n\n"
    "    create table(:orders) do\n      add :person_id, references(:people, on_delete: :restrict), null: false\n"
    '      add :cents, :integer\n    end\n\n    create constraint(:orders, :sane, check: "cents > 0")\n  end\nend\n'
)
LIQUIBASE = (
    '<databaseChangeLog><changeSet id="1" author="a">\n<createTable tableName="people"><column name="id" type="int">'
    '<constraints primaryKey="true"/></column><column name="email" type="text"><constraints nullable="false" '
    'unique="true"/></column></createTable>\n<createTable tableName="orders"><column name="id" type="int">'
    '<constraints primaryKey="true"/></column><column name="person_id" type="int"><constraints nullable="false"/>'
    '</column><column name="cents" type="int"/></createTable>\n<addForeignKeyConstraint constraintName="f" '
    'baseTableName="orders" baseColumnNames="person_id" referencedTableName="people" referencedColumnNames="id" '
    'onDelete="RESTRICT"/>\n<sql>alter table orders add constraint sane check (cents &gt; 0)</sql>\n'
    "</changeSet></databaseChangeLog>\n"
)
LARAVEL = (
    "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nreturn new class extends Migration {\n"
    "  public function up(): void {\n    Schema::create('people', function (Blueprint $table) {\n      $table->id();\n"
    "      $table->string('email')->unique();\n    });\n    Schema::create('orders', function (Blueprint $table) {\n"
    "      $table->id();\n      $table->foreignId('person_id')->constrained('people')->restrictOnDelete();\n"
    "      $table->integer('cents')->nullable();\n    });\n"
    "    DB::statement('alter table orders add constraint sane check (cents > 0)');\n  }\n};\n"
)
ALEMBIC = (
    '"""A."""\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "1"\ndown_revision = None\n\n\n'
    'def upgrade():\n    op.create_table(\n        "people",\n'
    '        sa.Column("id", sa.Integer(), primary_key=True),\n'
    '        sa.Column("email", sa.Text(), nullable=False, unique=True),\n    )\n'
    '    op.create_table(\n        "orders",\n'
    '        sa.Column("id", sa.Integer(), primary_key=True),\n'
    '        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="RESTRICT"), nullable=False),\n'
    '        sa.Column("cents", sa.Integer()),\n        sa.CheckConstraint("cents > 0", name="sane"),\n    )\n\n\n'
    'def downgrade():\n    op.drop_table("orders")\n    op.drop_table("people")\n'
)
EF = (
    "public partial class A : Migration {\n  protected override void Up(MigrationBuilder m) {\n"
    '    m.CreateTable(name: "people", columns: t => new {\n      id = t.Column<int>(nullable: false),\n'
    '      email = t.Column<string>(nullable: false)\n    }, constraints: t => { t.PrimaryKey("PK_P", x => x.id); });\n'
    '    m.CreateIndex("IX_P", "people", "email", unique: true);\n'
    '    m.CreateTable(name: "orders", columns: t => new {\n      id = t.Column<int>(nullable: false),\n'
    "      person_id = t.Column<int>(nullable: false),\n      cents = t.Column<int>(nullable: true)\n"
    '    }, constraints: t => {\n      t.PrimaryKey("PK_O", x => x.id);\n'
    '      t.ForeignKey("FK_O", x => x.person_id, "people", "id", onDelete: ReferentialAction.Restrict);\n'
    '      t.CheckConstraint("sane", "cents > 0");\n    });\n  }\n'
    '  protected override void Down(MigrationBuilder m) { m.DropTable("orders"); }\n}\n'
)
RAILS = (
    "class A < ActiveRecord::Migration[8.0]\n  def change\n    create_table :people do |t|\n"
    "      t.string :email, null: false\n      t.index :email, unique: true\n    end\n    create_table :orders do |t|\n"
    "      t.references :person, null: false, foreign_key: { to_table: :people, on_delete: :restrict }\n"
    '      t.integer :cents\n    end\n    add_check_constraint :orders, "cents > 0", name: "sane"\n  end\nend\n'
)
TREES = {
    "priv/repo/migrations/20260101090000_a.exs": ECTO,
    "src/main/resources/db/changelog/a.xml": LIQUIBASE,
    "database/migrations/2026_01_01_090000_a.php": LARAVEL,
    "migrations/versions/1_a.py": ALEMBIC,
    "Shop/Migrations/20260101090000_A.cs": EF,
    "db/migrate/20260101090000_a.rb": RAILS,
}


@pytest.mark.parametrize("path", sorted(TREES))
def test_every_language_says_the_same(path: str) -> None:
    """
    Two tables with a unique name, a reference with its rule and a check are the same in every language.
    """
    schema = facts_of({path: TREES[path]})[Schema]
    assert isinstance(schema, Schema)
    tables = {table.title: {c.title: c for c in table.columns} for table in schema.tables}
    email, person, cents = tables["people"]["email"], tables["orders"]["person_id"], tables["orders"]["cents"]

    assert (True, False) == (email.unique, email.nullable)
    assert ("people", "RESTRICT", False) == (person.references, person.on_delete, person.nullable)
    assert (True, True) == (cents.checked, cents.nullable)


def test_what_is_dropped_is_gone() -> None:
    """
    A later revision takes a constraint back.
    """
    later = (
        '"""B."""\nfrom alembic import op\n\nrevision = "2"\ndown_revision = "1"\n\n\ndef upgrade():\n'
        '    op.drop_constraint("sane", "orders")\n    op.drop_constraint("people_email_key", "people")\n\n\n'
        "def downgrade():\n    pass\n"
    )
    schema = facts_of({"migrations/versions/1_a.py": ALEMBIC, "migrations/versions/2_b.py": later})[Schema]
    assert isinstance(schema, Schema)
    tables = {table.title: {c.title: c for c in table.columns} for table in schema.tables}

    assert (False, False) == (tables["orders"]["cents"].checked, tables["people"]["email"].unique)
