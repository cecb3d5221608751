import logging
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from people.models import Person

log = logging.getLogger(__name__)


@shared_task
def forget_former_tenants():
    """Thirty days after somebody left, name and address go; leases stay for the books without a name."""
    gone = Person.objects.filter(left_on__lt=timezone.localdate() - timedelta(days=30), is_active=True)
    for person in gone:
        with transaction.atomic():
            person.wishes.all().delete()
            person.consents.all().delete()
            person.username = f"former-{person.pk}"
            person.email = f"former-{person.pk}@invalid"
            person.first_name = person.last_name = person.phone = person.street = ""
            person.is_active = False
            person.set_unusable_password()
            person.save()
    log.info("former tenants forgotten", extra={"count": len(gone)})
