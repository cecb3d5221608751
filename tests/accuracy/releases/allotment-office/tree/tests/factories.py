import datetime

import factory


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "people.Person"

    username = factory.Sequence("tenant{}".format)
    email = factory.Sequence("tenant{}@mail.example".format)
    first_name = "A"
    phone = "1"
    password = factory.django.Password("Right-horse-9")


class GardenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "gardens.Garden"

    name = factory.Sequence("Garden {}".format)
    district = "north"


class PlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "gardens.Plot"

    garden = factory.SubFactory(GardenFactory)
    number = factory.Sequence(str)
    square_metres = 200


class LeaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "leases.Lease"

    tenant = factory.SubFactory(PersonFactory)
    plot = factory.SubFactory(PlotFactory)
    starts_on = datetime.date(2026, 1, 1)
    ends_on = datetime.date(2030, 1, 1)
    rent_cents = 18_000
    mandate_ref = factory.Sequence("M{}".format)


class DebitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "leases.Debit"

    lease = factory.SubFactory(LeaseFactory)
    year = 2026
    cents = 18_000
    state = "open"
