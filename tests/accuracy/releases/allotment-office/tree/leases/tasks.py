import logging

from celery import shared_task
from django.db.models import F

from leases import bank
from leases.models import Debit, Lease

log = logging.getLogger(__name__)


@shared_task(bind=True, max_retries=6)
def take_debit(self, debit_id):
    debit = Debit.objects.select_related("lease").get(pk=debit_id)
    try:
        state = bank.take(debit)
    except Exception as error:
        Debit.objects.filter(pk=debit.pk).update(tries=F("tries") + 1)
        if self.request.retries >= self.max_retries:
            Debit.objects.filter(pk=debit.pk).update(state="dead")
            log.error("debit given up", extra={"debit": debit.pk}, exc_info=True)
            return
        log.warning("debit postponed", extra={"debit": debit.pk})
        raise self.retry(exc=error, countdown=min(3600, 30 * 2**self.request.retries)) from error
    Debit.objects.filter(pk=debit.pk).update(state=state)


@shared_task
def check_books():
    """Each night: leases whose debits do not add up, plots leased to people who left."""
    wrong = list(Lease.objects.filter(debits__state="taken").exclude(debits__cents=F("rent_cents")).values_list("pk", flat=True))
    left = list(Lease.objects.filter(tenant__is_active=False, ends_on__gt=F("tenant__left_on")).values_list("pk", flat=True))
    log.log(logging.ERROR if wrong or left else logging.INFO, "books checked", extra={"wrong": wrong, "left": left})
