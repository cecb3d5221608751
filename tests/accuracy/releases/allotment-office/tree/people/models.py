from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class Person(AbstractUser):
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=30, blank=True)
    street = models.CharField(max_length=120, blank=True)
    left_on = models.DateField(null=True, blank=True, db_index=True)


class Consent(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=[("newsletter", "newsletter"), ("photos", "photos")])
    given = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-at"])]
        constraints = [models.CheckConstraint(condition=Q(purpose__in=["newsletter", "photos"]), name="purpose_known")]
