from django.conf import settings
from django.db import models
from django.db.models import Q


class Garden(models.Model):
    name = models.CharField(max_length=80, unique=True)
    district = models.CharField(max_length=40, db_index=True)


class Plot(models.Model):
    garden = models.ForeignKey(Garden, on_delete=models.PROTECT, related_name="plots")
    number = models.CharField(max_length=8)
    square_metres = models.PositiveIntegerField()
    free_from = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["garden", "number"], name="plot_number_once"),
            models.CheckConstraint(condition=Q(square_metres__gte=20, square_metres__lte=1000), name="plot_size_sane"),
        ]
        indexes = [models.Index(fields=["free_from"])]


class Wish(models.Model):
    """One place in the waiting list of a garden."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes")
    garden = models.ForeignKey(Garden, on_delete=models.CASCADE, related_name="wishes")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "garden"], name="wish_once")]
        indexes = [models.Index(fields=["garden", "since"])]
