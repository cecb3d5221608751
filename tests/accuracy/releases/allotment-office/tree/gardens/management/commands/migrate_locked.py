import time

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

KEY = 620_301


class Command(BaseCommand):
    help = "Runs migrations one by one under an advisory lock and says how long each took."

    def add_arguments(self, parser):
        parser.add_argument("--timed", action="store_true")

    def handle(self, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [KEY])
            try:
                executor = MigrationExecutor(connection)
                for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
                    begun = time.monotonic()
                    call_command("migrate", migration.app_label, migration.name, verbosity=0)
                    self.stdout.write(f'{{"migration": "{migration}", "seconds": {time.monotonic() - begun:.2f}}}')
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])
