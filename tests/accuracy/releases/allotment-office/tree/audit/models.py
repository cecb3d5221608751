from django.conf import settings
from django.db import models


class Entry(models.Model):
    """Written once: the application's role has INSERT and SELECT on this table and nothing else (0001_initial)."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    what = models.CharField(max_length=40, db_index=True)
    on = models.CharField(max_length=80)
    ip = models.GenericIPAddressField()
    request_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
