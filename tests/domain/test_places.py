"""Places of which only the first are kept."""

from __future__ import annotations

from orchestrator.contract.checks import MOST_SHOWN, examined, failed
from orchestrator.domain.fact import Fact, Source, once
from orchestrator.domain.places import Places, together


def places(path: str, *lines: int) -> list[Source]:
    return [Source(path=path, line=line) for line in lines]


class TestPlaces:
    def test_total(self) -> None:
        """
        What was not kept is counted, by file, and so is what is left of it in some of the files.
        """
        many = Places([*places("a.py", 1, 2), *places("dev/b.py", 3)], {"a.py": 40, "dev/b.py": 7})

        assert (50, "50", ", and 49 more") == (many.total, many.said, many.more)
        assert 42 == many.under(lambda path: not path.startswith("dev/")).total
        assert 53 == together(many, places("c.py", 1, 2, 3), places("c.py", 1)).total

    def test_a_lower_bound_says_so(self) -> None:
        """
        Lines that were not kept cannot be judged by what stands in them.
        """
        many = Places(places("a.py", 1, 2, 3), {"a.py": 40})
        odd = many.saying(lambda place: place.line % 2)

        assert "at least 2" == odd.said
        assert "at least 2 places" == str(examined(odd, "places"))
        assert "2" == Places(places("a.py", 1, 2, 3)).saying(lambda place: place.line % 2).said

    def test_a_file_stands_for_places_that_were_not_kept(self) -> None:
        """
        The file is the place when all that was kept lies elsewhere.
        """
        many = Places(places("dev/a.py", 1), {"shop/a.py": 9})
        found = many.under(lambda path: path.startswith("shop/"))

        assert ("shop/a.py", 9) == (str(found[0]), found.total)


class TestDraft:
    def test_the_first_are_shown_and_all_are_counted(self) -> None:
        """
        A finding keeps its first places and says how many there are.
        """
        found = places("a.py", *range(1, 2_401))
        draft = failed("wrong", found[0], *found, examined(3, "files"))

        assert MOST_SHOWN + 1 == len(draft.evidence)
        assert "2,400 places" == str(draft.extent)
        assert failed("wrong", found[0], *found[:MOST_SHOWN]).extent is None


class Numbers(Fact):
    numbers: tuple[int, ...] = ()


class TestOnce:
    def test_asked_twice_and_answered_once(self) -> None:
        """
        A question is worked out once for a fact, again for another one, and again for a changed copy.
        """
        asked = []

        @once
        def total(fact: Numbers, more: int) -> int:
            asked.append(more)
            return sum(fact.numbers) + more

        fact = Numbers(numbers=(1, 2))
        changed = (total(fact, 1), fact.model_copy(update={"numbers": (5,)}))[1]

        assert [4, 4, 5, 6] == [total(fact, 1), total(fact, 1), total(fact, 2), total(changed, 1)]
        assert [1, 2, 1] == asked


def test_a_word_stays_one_without_its_text() -> None:
    """
    A place that loses its line, or stands for others of its file, is still known as a word.
    """
    word = Source(path="a.py", line=1, text="x", worded=True)

    assert [(1, True)] == [(place.line, place.worded) for place in Places([word]).bare()]
    assert [True] == [p.worded for p in Places([word], {"b.py": 2}).under(lambda path: path == "b.py")]
