import pytest
from django.urls import reverse

from tests.factories import GardenFactory, PersonFactory, PlotFactory

pytestmark = pytest.mark.django_db


def test_garden_list_needs_one_query(client, django_assert_num_queries):
    PlotFactory.create_batch(20)
    with django_assert_num_queries(1):
        assert client.get(reverse("gardens")).status_code == 200


def test_wish_is_kept_once(client):
    client.force_login(person := PersonFactory())
    url = reverse("wish", args=[GardenFactory().pk])
    client.post(url)
    client.post(url)
    assert person.wishes.count() == 1


def test_wish_needs_a_login(client):
    assert client.post(reverse("wish", args=[GardenFactory().pk])).status_code == 302


def test_search_finds_free_plots(client):
    PlotFactory(free_from="2026-01-01", garden__district="north")
    assert b"north" in client.get(reverse("plot-search"), {"district": "north"}).content
