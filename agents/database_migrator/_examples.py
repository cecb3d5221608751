"""The small migrations that several checks take their examples from."""

from __future__ import annotations

from orchestrator import Example


def django(body: str, number: str = "0002_next") -> dict[str, str]:
    """A Django app with one migration."""
    head = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
    return {f"shop/migrations/{number}.py": f"{head}    operations = [\n{body}\n    ]\n"}


def alembic(up: str, down: str) -> dict[str, str]:
    """One Alembic revision."""
    head = '"""Keep the phone number of each customer.\n\nCreate Date: 2024-05-01 10:00:00\n"""\n'
    ids = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "a1b2"\ndown_revision = None\n\n\n'
    return {
        "migrations/versions/a1b2_phone.py": f"{head}{ids}def upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
    }


ADDITIVE = Example(
    "A nullable column and a way back",
    alembic('op.add_column("customers", sa.Column("phone", sa.Text()))', 'op.drop_column("customers", "phone")'),
)
NO_WAY_BACK = Example(
    "An empty downgrade",
    alembic('op.add_column("customers", sa.Column("phone", sa.Text()))', "pass"),
)
POSTGRES = {"app/settings.py": 'DATABASE_URL = "postgresql+psycopg://db/shop"\n'}
NO_MIGRATIONS = Example("A program without a database", {"app/main.py": "print('hello')\n"})
