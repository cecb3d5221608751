from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Span(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Lease(models.Model):
    tenant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leases")
    plot = models.ForeignKey("gardens.Plot", on_delete=models.PROTECT, related_name="leases")
    starts_on = models.DateField(db_index=True)
    ends_on = models.DateField()
    rent_cents = models.PositiveIntegerField()
    mandate_ref = models.CharField(max_length=35, unique=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="lease_ends_after_start"),
            models.CheckConstraint(condition=Q(rent_cents__gt=0, rent_cents__lte=200_000), name="lease_rent_sane"),
            ExclusionConstraint(
                name="plot_leased_once",
                expressions=[(Span("starts_on", "ends_on", RangeBoundary()), RangeOperators.OVERLAPS), ("plot", RangeOperators.EQUAL)],
            ),
        ]


class Debit(models.Model):
    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="debits")
    year = models.PositiveSmallIntegerField()
    cents = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ("open", "taken", "refused", "dead")], db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lease", "year"], name="debit_once_a_year"),
            models.CheckConstraint(condition=Q(year__gte=2020, year__lte=2100), name="debit_year_sane"),
        ]
