"""Runs that earlier versions recorded stay genuine, and come to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.audit import signing
from orchestrator.audit.archive import opened
from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import replay, verify
from orchestrator.conclusion.derivations import RULES
from orchestrator.journal.kinds import KINDS
from orchestrator.journal.versions import UPGRADES

RECORDED = Path(__file__).parent / "recorded"
JUDGED: dict[str, tuple[int, set[str]]] = {
    "20261121T205746Z-gonogo-b14b5877ad-6a36": (23, set()),
    "20261121T205748Z-shop-6addf1c33e-b261": (23, set()),
    "20261121T225808Z-gonogo-d820c63c46-1559": (23, set()),
    "20261121T225812Z-ship-ca6f665976-7bc7": (23, set()),
    "20261121T225833Z-shop-6addf1c33e-1530": (23, set()),
    "20261129T215243Z-beta-159548df16-1681": (23, set()),
    "20261130T002640Z-probed-351a643363-bc93": (23, set()),
    "20261130T152931Z-shop-8f3b571843-3229": (27, set()),
}
"""How many facts of each run today's agents judge by, and the names of those that they cannot; none may get lost."""
ARCHIVES = sorted(RECORDED.glob("*.run.zip"))


def test_enough_are_kept() -> None:
    """
    Of every format and every derivation that is read there is a run, and of nearly every kind of event.
    """
    formats, derivations, kinds = set(), set(), set()
    for archive in ARCHIVES:
        with opened(Path("nowhere"), str(archive)) as record:
            formats.add(record.manifest().format)
            derivations.add(record.manifest().derivation)
            kinds |= {event.kind for event in record.events()}

    assert set(UPGRADES) == formats
    assert set(RULES) == derivations
    assert {"RunCrashed", "RunInterrupted"} >= set(KINDS) - kinds


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.removesuffix(".run.zip"))
class TestRecorded:
    def test_genuine(self, archive):
        """
        Chain, blobs and derived files hold.
        """
        with opened(Path("nowhere"), str(archive)) as record:
            assert verify(record)

    def test_reproduced(self, archive):
        """
        Verdict and report are derived to the bytes that the version of that time wrote.
        """
        with opened(Path("nowhere"), str(archive)) as record:
            assert record.name == replay(record).run.id

    def test_judged_again(self, archive, record_property):
        """
        Today's agents can be asked about it, and judge by as many of its facts as this version promises to.
        """
        with opened(Path("nowhere"), str(archive)) as record:
            answer = rejudge(record)
        judged = len(answer.facts), {left.fact for left in answer.not_comparable}
        record_property("facts judged", f"{judged[0]} of {judged[0] + len(judged[1])}")

        assert JUDGED[archive.name.partition(".")[0]] == judged
        assert answer.before == "ROLLBACK"
        assert answer.after in ("ROLLBACK", "PRODUCTION READY")


def test_grounds_of_many_kinds() -> None:
    """
    A run of derivation 4 keeps what was seen outside the tree of criteria that do not apply, and no absence of them.
    """
    (archive,) = (archive for archive in ARCHIVES if "-probed-" in archive.name)
    with opened(Path("nowhere"), str(archive)) as record:
        assessments = {a.criterion: a for a in replay(record).assessments}
    kinds = {g.kind for a in assessments.values() for f in a.findings for g in f.evidence}

    assert {"absence", "command", "count", "file", "http", "metric", "report"} == kinds
    for name in ("DAT-6.1.1", "DAT-6.2.1", "DAT-6.3.1", "PRF-3.1.1"):
        assert "fail" == assessments[name].status
        assert assessments[name].blocks
    assert "not_applicable" == assessments["DAT-6.1.2"].status


def test_the_signature_holds() -> None:
    """
    A statement that was signed then is checked with the key of then.
    """
    signed = [archive for archive in ARCHIVES if "225808Z-gonogo" in archive.name]
    with opened(Path("nowhere"), str(signed[0])) as record:
        assert signing.check(record, [RECORDED / "release.key.pub"])


def test_two_signatures_hold() -> None:
    """
    A statement that two people signed then is checked with the keys of both, and says what the verdict rested on.
    """
    (archive,) = (archive for archive in ARCHIVES if "-beta-" in archive.name)
    with opened(Path("nowhere"), str(archive)) as record:
        assert 2 == len(signing.check(record, [RECORDED / "ann.key.pub", RECORDED / "bob.key.pub"]))
        basis = replay(record).basis

    assert basis is not None
    assert {"beta.yaml", "readiness.yaml"} == {row.by for row in basis.loosened}
    assert ["profile.service: no in readiness.yaml", "the waiver of SEC-2.3.3 by dana@example.com"] == [
        said.what for said in basis.idle
    ]


def test_words_of_people() -> None:
    """
    A run of derivation 5 says who stands behind what was attested, how that is known, and what came with the release.
    """
    (archive,) = (archive for archive in ARCHIVES if archive.name.startswith("20261130T15"))
    with opened(Path("nowhere"), str(archive)) as record:
        result = replay(record)
    found = {a.criterion: a for a in result.assessments}
    said = found["OBS-4.3.4"].attestation

    assert said is not None
    assert [("dana", "key"), ("lee", "key")] == sorted((w.person, w.proof) for w in said.witnesses)
    assert result.basis is not None
    assert (2, 2, 4) == (result.basis.attested, result.basis.people, len(result.basis.idle))
    assert ["new"] == [f.age.word for f in found["SEC-2.3.3"].findings if f.age is not None]
    assert found["INF-1.2.1"].attestation is None
