import pytest
from django.urls import reverse

from people.models import Person
from people.tasks import forget_former_tenants
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("password", ["short1A", "alllowercase123", "NoDigitsAtAll"])
def test_weak_passwords_are_refused(client, password):
    client.post(reverse("sign-up"), {"username": "x", "email": "x@y.example", "password1": password, "password2": password})
    assert not Person.objects.exists()


def test_account_locks_after_five_failures(client):
    person = PersonFactory(password="Right-horse-9")
    for _ in range(5):
        client.post(reverse("login"), {"username": person.username, "password": "wrong"})
    assert client.post(reverse("login"), {"username": person.username, "password": "Right-horse-9"}).status_code == 429


def test_desk_wants_a_second_factor(client):
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    assert client.get("/desk/", follow=True).request["PATH_INFO"] == "/desk/login/"


def test_former_tenants_are_forgotten():
    person = PersonFactory(left_on="2020-01-01")
    forget_former_tenants()
    person.refresh_from_db()
    assert "" == person.first_name == person.phone


def test_export_holds_my_data(client):
    client.force_login(person := PersonFactory())
    assert client.get(reverse("my-data")).json()["email"] == person.email
