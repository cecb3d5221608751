"""What a finding says of several things."""

from __future__ import annotations

import pytest

from orchestrator.domain.fact import Source
from orchestrator.domain.places import Places
from orchestrator.domain.sentence import agreeing, each, first_of, many, plural, singular

QUEUES = ("orders", "mails", "bills", "scans", "audits", "trials", "tests")


def place(name: str) -> Source:
    return Source(path=f"{name}.tf", line=3)


def said(number: int, template: str, of: int = 0, **words: object) -> str:
    return each(QUEUES[:number]).say(template, of, **words).text


class TestSay:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (1, "orders sends failed messages nowhere"),
            (2, "orders and mails send failed messages nowhere"),
            (4, "orders, mails, bills and scans send failed messages nowhere"),
            (7, "orders, mails, bills, scans and 3 more send failed messages nowhere"),
        ],
    )
    def test_names_and_verbs(self, number, text):
        """
        A few are named, the others are counted, and the verb agrees.
        """
        assert text == said(number, "{} {sends} failed messages nowhere")

    def test_a_thousand(self):
        """
        Of a thousand the first are named and none is forgotten.
        """
        things = each([f"queue{n}" for n in range(1_000)])

        assert "queue0, queue1, queue2, queue3 and 996 more are idle" == things.say("{} {is} idle").text

    @pytest.mark.parametrize(
        ("number", "of", "text"),
        [
            (1, 1, "The only queue has no alarm: orders"),
            (1, 7, "1 of 7 queues has no alarm: orders"),
            (2, 7, "2 of 7 queues have no alarm: orders and mails"),
        ],
    )
    def test_a_share(self, number, of, text):
        """
        The noun agrees with the whole, the verb with the part.
        """
        assert text == said(number, "{share:queue} {has} no alarm: {}", of=of)

    @pytest.mark.parametrize(
        ("template", "one", "seven"),
        [
            ("{number:queue} {was|were} read", "1 queue was read", "7 queues were read"),
            ("{all:queue} {keeps} {its} mail", "The only queue keeps its mail", "All 7 queues keep their mail"),
            ("{all:queue} {is} bare", "The only queue is bare", "All 7 queues are bare"),
            ("{none:queue} has a name", "No queue has a name", "None of 7 queues has a name"),
            ("{the:newest queue} {is} bare", "The newest queue is bare", "The 7 newest queues are bare"),
            ("In {many:file} {number} {is} bare", "In 1,200 files 1 is bare", "In 1,200 files 7 are bare"),
        ],
    )
    def test_numbers(self, template, one, seven):
        """
        Numbers stand with nouns that agree, and a sentence begins with a capital.
        """
        assert [one, seven] == [said(number, template, many=1_200) for number in (1, 7)]

    def test_both(self):
        """
        All of two are both.
        """
        assert "Both queries wait" == said(2, "{all:query} {waits}")

    def test_names_are_left_alone(self):
        """
        A name is written as it is, also where it looks like braces, and is not capitalised.
        """
        things = each(["{{ .Values.name }}"])

        assert "{{ .Values.name }} is bare" == things.say("{} {is} bare").text
        assert "web {number} is bare" == things.say("{who} {is} bare", who="web {number}").text

    def test_a_long_name_is_cut(self):
        """
        What a hostile tree calls a thing fills no message, and has no line breaks.
        """
        text = each(["a\n" * 5_000]).say("{} {is} bare").text

        assert text.startswith("a a a")
        assert text.endswith("… is bare")
        assert 180 > len(text)

    def test_at_least(self):
        """
        The number of places that were not all kept is the least that there are.
        """
        places = Places([place("a"), place("b")], {"c.tf": 38}, exact=False)

        assert "At least 40 calls wait" == each(places).say("{number:call} {waits}").text
        assert "a.tf:3, b.tf:3 and at least 38 more wait" == each(places).say("{} {waits}").text
        assert "at least 40 calls" == many(places, "call")

    def test_one_or_more(self):
        """
        One of which there may be more is told as such.
        """
        places = Places([place("a")], exact=False)

        assert "a.tf:3 and maybe more" == str(each(places))
        assert "Something waits, and maybe more" == each(places).like("Something waits").text
        assert "At least 1 call waits" == each(places).say("{number:call} {waits}").text

    def test_things_with_one_name(self):
        """
        Things that share a name are named once and all counted.
        """
        assert "web and 2 more are bare" == each(["web", "web", "web"]).say("{} {is} bare").text
        assert "web is bare" == each(["web", "web"], number=1).say("{} {is} bare").text


class TestLike:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (1, "orders keeps 3 days"),
            (2, "orders keeps 3 days, and 1 more keeps less than 30"),
            (7, "orders keeps 3 days, and 6 more keep less than 30"),
        ],
    )
    def test_the_first_is_told(self, number, text):
        """
        What is true of the first alone is said of it, and the others are counted.
        """
        assert text == each(QUEUES[:number]).like("orders keeps 3 days", "{keeps} less than 30").text

    def test_first_of(self):
        """
        Sentences with places become one, which brings all places along.
        """
        sentence = first_of([("orders is open", place("a")), ("mails is open", place("b"))])

        assert "orders is open, and 1 more like it" == sentence.text
        assert ("a.tf", "b.tf") == tuple(found.path for found in sentence.places)


class TestPlaces:
    def test_of_things(self):
        """
        Each thing brings its place, or several.
        """
        one = each(QUEUES[:2], at=place).say("{} {is} bare")
        two = each(QUEUES[:1], at=lambda name: (place(name), place("b"))).say("{} {is} bare")

        assert ["orders.tf", "mails.tf"] == [found.path for found in one.places]
        assert ["orders.tf", "b.tf"] == [found.path for found in two.places]

    def test_of_places(self):
        """
        Places are things and places at once; other things have none unless told.
        """
        assert ("a.tf",) == tuple(found.path for found in each([place("a")]).say("{} {is} bare").places)
        assert () == each(QUEUES).say("{} {is} bare").places


WORDS = [
    ("query", "queries"),
    ("day", "days"),
    ("process", "processes"),
    ("index", "indexes"),
    ("branch", "branches"),
    ("column for money", "columns for money"),
    ("place in a file", "places in a file"),
    ("image or frame|images and frames", "images and frames"),
]
VERBS = [
    "is are",
    "has have",
    "does do",
    "runs run",
    "carries carry",
    "passes pass",
    "goes go",
    "uses use",
    "fixes fix",
]


@pytest.mark.parametrize(("one", "several"), WORDS)
def test_plural(one, several):
    """
    A noun is made plural where it ends, before what is said of it.
    """
    assert several == plural(one)


@pytest.mark.parametrize(
    ("several", "one"),
    [
        *((several, one) for one, several in WORDS if "|" not in one),
        ("places that nobody reads", "place that nobody reads"),
        ("files searched", "file searched"),
        ("classes read", "class read"),
        ("Kubernetes", "Kubernetes"),
        ("status", "status"),
        ("access", "access"),
        ("analysis", "analysis"),
        ("jobs and steps", "jobs and steps"),
        ("jobs, steps", "jobs, steps"),
        ("code", "code"),
    ],
)
def test_singular(several, one):
    """
    What counts several says of one that it is one, where the noun ends; what has no plural stays as it is.
    """
    assert one == singular(several)


@pytest.mark.parametrize("pair", VERBS)
def test_agreeing(pair):
    """
    A verb of one becomes the verb of several.
    """
    one, several = pair.split()

    assert several == agreeing(one)
