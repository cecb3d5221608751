import httpx
import pytest
from django.db import IntegrityError
from waffle.testutils import override_flag

from leases import bank, tasks
from tests.factories import DebitFactory, LeaseFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_others_lease_is_not_found(client):
    client.force_login(PersonFactory())
    assert client.get(f"/api/v1/leases/{LeaseFactory().pk}/").status_code == 404


def test_api_needs_a_login(client):
    assert client.get("/api/v1/leases/").status_code == 403


@pytest.mark.parametrize(("on", "status"), [(True, 200), (False, 404)])
def test_signing_obeys_its_flag(client, on, status):
    lease = LeaseFactory()
    client.force_login(lease.tenant)
    with override_flag("online-signing", active=on):
        assert client.post(f"/api/v1/leases/{lease.pk}/sign/").status_code == status


def test_two_leases_of_one_plot_do_not_overlap():
    lease = LeaseFactory()
    with pytest.raises(IntegrityError):
        LeaseFactory(plot=lease.plot)


def test_debit_dies_after_the_last_try(monkeypatch):
    monkeypatch.setattr(bank, "take", lambda debit: (_ for _ in ()).throw(httpx.ConnectError("down")))
    debit = DebitFactory(state="open")
    tasks.take_debit.apply(args=[debit.pk], retries=6)
    debit.refresh_from_db()
    assert debit.state == "dead"
