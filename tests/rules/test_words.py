"""Words of people cost something: a person who is known, a sentence, a proof, a day, a criterion that asks for it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from orchestrator.catalogue.loader import catalogue
from orchestrator.config import parse
from orchestrator.domain.criterion import Severity
from orchestrator.domain.person import Word
from orchestrator.domain.release import Release
from orchestrator.domain.said import SaidWord, WordsFile
from orchestrator.errors import ConfigError
from orchestrator.identities import Known, People, Person, Speaker, Spoken
from orchestrator.rules import Backing, Heap, Weighed, check_criteria, weigh

TODAY = date(2026, 11, 30)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
RELEASE = Release(
    name="shop", version="1", commit=COMMIT, tree="sha256:0", source="git", ref="HEAD", history="complete"
)
ALONE = "CMP-8.2.2"
"""Critical, and a person's word is enough for a year."""
HIGH, MEDIUM, REPORT, NEVER, OF_RELEASE = "CMP-8.2.5", "CMP-8.1.8", "INF-1.3.3", "INF-1.2.1", "DEP-5.4.9"


class Everybody(Known):
    """Whoever is on the list, and has signed where the word says so."""

    def who(self, said: Spoken) -> Speaker:
        name = said.who if said.who in self.people.people else ""
        if said.signature == "bad":
            return Speaker(name, "listed", "it is of something else")
        return Speaker(name, "key" if said.signature else "listed")


KNOWN = Everybody(People(people={"dana": Person(), "rui": Person()}))


def said(**changes: Any) -> dict[str, Any]:
    return {
        "criterion": MEDIUM,
        "who": "dana",
        "seen": "Counsel read the page about cookies with me.",
        "on": "2026-11-20",
        "link": "https://docs.example/cookies",
        **changes,
    }


def weighed(
    *rows: dict[str, Any],
    kind: str = "attestations",
    backing: Backing | None = None,
    handed_in: str = "",
    release: Release = RELEASE,
) -> Weighed:
    file = WordsFile.model_validate({kind: rows})
    heap = Heap(file, "words.yaml", None, lambda word: handed_in, backing)
    return weigh([heap], KNOWN, catalogue(), release, TODAY)


def counts(**changes: Any) -> Word:
    found = weighed(said(**changes))
    assert found.refused == ()
    return found.words[0]


def why(*rows: dict[str, Any], **how: Any) -> str:
    found = weighed(*rows, **how)
    assert found.words == () or len(rows) > 1
    return found.refused[-1].why


class TestCounts:
    def test_all_that_it_says_is_kept(self):
        """
        A word that costs what it must says who, what, when, with what proof, until when and where it stands.
        """
        word = counts(file="cookies.pdf", sha256="ab", signature="good")

        assert ("dana", "key", MEDIUM, "attestation") == (word.person, word.proof, word.criterion, word.kind)
        assert "Counsel read the page about cookies with me." == word.said
        assert (date(2026, 11, 20), "cookies.pdf", "ab") == (word.on, word.file, word.sha256)
        assert "words.yaml" == word.where

    @pytest.mark.parametrize(
        ("criterion", "on", "until"),
        [
            (ALONE, "2026-11-20", date(2026, 12, 20)),  # the cap of what is critical, not a year
            (HIGH, "2026-11-20", date(2027, 2, 18)),
            (MEDIUM, "2026-11-20", date(2027, 5, 19)),
            ("OBS-4.3.4", "2026-11-20", date(2026, 12, 20)),
            ("CMP-8.4.6", "2026-11-20", date(2027, 2, 20)),  # holds for a quarter, however medium it is
        ],
    )
    def test_until(self, criterion, on, until):
        """
        It counts from the day of what was seen, for the least of the severity's cap and of what such evidence holds.
        """
        assert until == counts(criterion=criterion, on=on).until

    def test_earlier_by_its_own_end(self):
        """
        It can say that it runs out earlier, and never that it lasts longer.
        """
        assert date(2026, 12, 1) == counts(expires="2026-12-01").until
        assert date(2027, 5, 19) == counts(expires="2029-12-01").until

    @pytest.mark.parametrize(
        ("criterion", "until"), [("SEC-2.3.3", date(2026, 12, 4)), ("SEC-2.3.6", date(2027, 2, 18))]
    )
    def test_waivers(self, criterion, until):
        """
        The risk of a critical criterion is taken for two weeks at most; whether at all the policy says.
        """
        row = said(criterion=criterion, reason="The demo of Monday is shown to our own people alone.")
        del row["seen"]

        (word,) = weighed(row, kind="waivers").words

        assert until == word.until

    def test_in_scripts_without_blanks(self):
        """
        A sentence is one in any script.
        """
        counts(seen="当番表は三月末まで二人で埋まっていることを確認した")


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"who": ""}, "does not say who speaks"),
            ({"who": "mallory"}, "knows nobody called 'mallory'"),
            ({"signature": "bad"}, "signature shows nothing: it is of something else"),
            ({"seen": ""}, "does not say in a sentence what was seen"),
            ({"seen": "seen"}, "does not say in a sentence"),
            ({"seen": "xxxx xxxx xxxx xxxx xxxx"}, "does not say in a sentence"),
            ({"seen": "LooksGoodToMeAndToEverybodyElse"}, "does not say in a sentence"),
            ({"seen": "ok ok ok ok ok ok ok ok ok"}, "does not say in a sentence"),
            ({"link": ""}, "nothing shows what it speaks of"),
            ({"link": "x"}, "nothing shows what it speaks of"),
            ({"link": "https://docs.example"}, "nothing shows what it speaks of"),
            ({"on": None}, "names no day"),
            ({"on": "2026-12-01"}, "which is to come"),
            ({"commit": "fedcba987654"}, "speaks of another commit"),
            ({"owner": "dana"}, "the form of before"),
            ({"criterion": NEVER}, "not decided by a person's word"),
            ({"criterion": REPORT}, "a bare word never decides it"),
            ({"criterion": "SEC-2.1.2"}, "counts only beside evidence"),
            ({"criterion": OF_RELEASE}, "does not speak of this commit"),
            ({"criterion": OF_RELEASE, "commit": COMMIT[:11]}, "does not speak of this commit"),
            ({"criterion": OF_RELEASE, "commit": ""}, "does not speak of this commit"),
        ],
    )
    def test_what_it_lacks(self, changes, says):
        """
        Each thing that a word lacks is told, and it counts for nothing.
        """
        assert says in why(said(**changes))

    def test_the_mend(self):
        """
        All that lacks is told at once, each with its mend.
        """
        (refused,) = weighed(said(criterion=NEVER, who="", link="")).refused

        assert 3 == len(refused.why.split("; "))
        assert "what decides it: Infrastructure code" in refused.mend
        assert "`link:` leads to it" in refused.mend

    def test_of_the_release(self):
        """
        What must be shown of each release anew takes a word that names its commit.
        """
        assert COMMIT == RELEASE.commit
        counts(criterion=OF_RELEASE, commit=COMMIT[:12])

    def test_beside_a_report(self):
        """
        Where a bare word is not enough, the report that comes with it is, if its bytes are those that were seen.
        """
        row = said(criterion=REPORT, file="drill.pdf", sha256="ab")

        assert 1 == len(weighed(row).words)
        assert "is not the file" in why(row, handed_in="'drill.pdf' is not the file with that digest")

    @pytest.mark.parametrize(
        "second",
        ["counsel read the page about cookies with me, OBS-4.3.4, 2", "Counsel read the page about cookies with me."],
    )
    def test_a_sentence_counts_once(self, second):
        """
        What is said of one criterion is not said of another in the same words, nor by another person.
        """
        rows = [said(), said(criterion=HIGH, who="rui", seen=second)]

        assert "has the sentence of words.yaml" in why(*rows)
        assert 1 == len(weighed(*rows).words)

    def test_a_waiver_needs_no_permission_of_the_catalogue(self):
        """
        Any risk can be taken; what a word can state is less.
        """
        row = said(criterion=NEVER, reason="We take the risk until the second zone is paid for.")
        del row["seen"]

        assert 1 == len(weighed(row, kind="waivers").words)


class TestDispositions:
    """What sets a finding aside is bound to the bytes that it was found in."""

    ROW = {
        "criterion": NEVER,
        "who": "dana",
        "check": "a.check",
        "place": "app.py:3",
        "content": "AB",
        "reason": "The page sends numbers and nothing else.",
        "on": "2026-11-20",
    }

    def weighed(self, *rows: dict[str, Any], digest: str = "ab", backing: Backing | None = None) -> Weighed:
        file = WordsFile.model_validate({"dispositions": rows})
        heap = Heap(file, "words.yaml", None, lambda word: "", backing, lambda spot: digest)
        return weigh([heap], KNOWN, catalogue(), RELEASE, TODAY)

    def test_counts(self):
        """
        It needs no permission of the catalogue and no link, and lasts 180 days at most.
        """
        (word,) = self.weighed(self.ROW).words

        assert ("disposition", "a.check", "app.py:3") == (word.kind, word.check, word.place)
        assert date(2027, 5, 19) == word.until

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"content": "cd"}, "app.py has changed since"),
            ({"check": ""}, "does not say which finding"),
            ({"place": "app.py"}, "does not say which finding"),
            ({"reason": "no"}, "does not say in a sentence why the finding is none"),
            ({"who": "mallory"}, "knows nobody called 'mallory'"),
            ({"on": None}, "names no day"),
        ],
    )
    def test_lacks(self, changes, says):
        """
        Each thing that it lacks is told, and it counts for nothing.
        """
        found = self.weighed({**self.ROW, **changes})

        assert () == found.words
        assert says in found.refused[0].why

    def test_a_file_that_is_gone(self):
        """
        It cannot be about a file that is not there.
        """
        assert "there is no app.py" in self.weighed(self.ROW, digest="").refused[0].why

    def test_of_the_reviewed_tree(self):
        """
        The reviewed tree cannot clear itself, whatever confirms its words otherwise.
        """
        digest = SaidWord.model_validate(self.ROW).digest("disposition", "shop")
        found = self.weighed({**self.ROW, "signature": "good"}, backing=Backing(base=frozenset({digest})))

        assert "stands in the reviewed tree itself" in found.refused[0].why

    def test_one_reason_for_the_places_of_a_finding(self):
        """
        One person gives the places of one file, or of one criterion's finding, the same reason; two people do not.
        """
        rows = [self.ROW, {**self.ROW, "place": "app.py:9"}]

        assert 2 == len(self.weighed(*rows).words)
        assert "has the sentence of" in self.weighed(self.ROW, {**self.ROW, "who": "rui"}).refused[0].why


class TestOfTheTree:
    """A word that stands in the reviewed tree itself."""

    def test_nobody_has_confirmed_it(self):
        """
        It counts for nothing, though its author is known and all is said.
        """
        assert "stands in the reviewed tree itself" in why(said(), backing=Backing())

    def test_signed(self):
        """
        Its author's signature confirms it.
        """
        assert 1 == len(weighed(said(signature="good"), backing=Backing()).words)

    def test_in_the_base(self):
        """
        So does a base that has the same word; one that says anything else does not.
        """
        digest = SaidWord.model_validate(said()).digest("attestation", "shop")

        assert 1 == len(weighed(said(), backing=Backing(base=frozenset({digest}))).words)
        assert "reviewed tree" in why(said(on="2026-11-21"), backing=Backing(base=frozenset({digest})))

    @pytest.mark.parametrize(("signer", "proof"), [("dana", "commit"), ("rui", ""), ("", "")])
    def test_by_a_signed_commit(self, signer, proof):
        """
        So does the commit that brought it, where he who speaks has signed it.
        """
        found = weighed(said(), backing=Backing(signer=lambda first, last: Speaker(signer, "commit")))

        assert ([proof] if proof else []) == [word.proof for word in found.words]


class TestMessage:
    """What a signature is over."""

    def test_every_part(self):
        """
        All that a word says, its kind and the release are signed; the signature itself is not.
        """
        word = SaidWord.model_validate(said())
        told = json.loads(word.message("attestation", "shop"))

        assert {"gonogo": "attestation", "release": "shop", **said()} == told
        assert word.message("waiver", "shop") != word.message("attestation", "shop") != word.message("attestation", "x")
        assert word.message("waiver", "shop") == word.model_copy(update={"signature": "s"}).message("waiver", "shop")

    @pytest.mark.parametrize("name", sorted(set(SaidWord.model_fields) - {"signature", "token"}))
    def test_no_part_is_left_out(self, name):
        """
        A part that was changed after it was signed is another word.
        """
        kept = SaidWord.model_validate(said())
        changed = kept.model_copy(update={name: date(2026, 1, 1) if name in ("on", "expires") else "other"})

        assert kept.digest("waiver", "shop") != changed.digest("waiver", "shop")


class TestCriteria:
    def test_one_that_does_not_exist(self):
        """
        It is refused as a mistake, with its place and the nearest one.
        """
        read = parse(b"attestations:\n  - {criterion: OBS-4.3.44, who: dana}\n")
        heap = Heap(read.config, read.path, read.parsed, lambda word: "")

        with pytest.raises(ConfigError) as caught:
            check_criteria([heap], catalogue())

        assert "no criterion 'OBS-4.3.44'" in caught.value.what
        assert "readiness.yaml:2:6" == caught.value.where
        assert "OBS-4.3.4" in caught.value.remedy


class TestCatalogue:
    """What the catalogue says of words."""

    def test_every_criterion_says_so(self):
        """
        Each says for how long evidence holds, and those that a word can decide list it among their kinds of evidence.
        """
        for criterion in catalogue():
            assert criterion.valid is not None, criterion.id
            assert (criterion.word != "never") == ("attestation" in criterion.evidence), criterion.id

    def test_a_word_alone_is_rare_where_it_is_critical(self):
        """
        A person's word is enough for three critical criteria of 119.
        """
        alone = [c.id for c in catalogue() if c.word == "alone" and c.severity is Severity.CRITICAL]

        assert ["OBS-4.3.4", "CMP-8.2.2", "CMP-8.3.4"] == alone
