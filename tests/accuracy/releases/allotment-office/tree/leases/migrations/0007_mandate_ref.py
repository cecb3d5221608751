"""
What: leases_lease.mandate becomes mandate_ref. Why: the bank calls it so, and two fields named mandate confused the desk.
On a copy of production (2026-11-18): 12 ms.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leases", "0006_debit_tries")]
    operations = [migrations.RenameField("lease", "mandate", "mandate_ref")]
