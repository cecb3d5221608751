"""What: the audit table. Why: decision of the council on traceability. New table, no locks on others."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Entry",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("what", models.CharField(max_length=40, db_index=True)),
                ("on", models.CharField(max_length=80)),
                ("ip", models.GenericIPAddressField()),
                ("request_id", models.CharField(max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("who", models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=django.db.models.deletion.SET_NULL)),
            ],
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM office", "GRANT UPDATE, DELETE, TRUNCATE ON audit_entry TO office"),
    ]
