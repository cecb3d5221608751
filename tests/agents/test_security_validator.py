"""Checks what examples cannot show of security-validator: credentials in history."""

from __future__ import annotations

import pytest
from orchestrator.agents.security_validator._firewalls import world

from orchestrator import Credential, SecretHistory, Source, Status, examined
from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.secrets import LeftOut
from orchestrator.planning.roster import built_in

CLEAN = {"app.py": "print('hello')\n"}
CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
CHECK = CHECKS["security-validator.secrets.no-secret-in-version-control"]


def judge(history: SecretHistory):
    return list(CHECK.run({**facts_of(CLEAN, CHECK.reads), SecretHistory: history}))


class TestHistory:
    def test_a_credential_in_history_fails_though_the_tree_is_clean(self):
        """
        What was pushed once stays readable in every clone.
        """
        old = Credential(kind="github-token", source=Source(path="deploy.sh", line=3), commit="0123456789abcdef")
        drafts = judge(SecretHistory(found=(old,), commits=9, blobs=20, complete=True))

        assert [Status.FAIL] == [d.status for d in drafts]
        assert "History still holds 1 credential: github-token in deploy.sh since 0123456789" == drafts[0].message

    def test_a_history_that_was_not_searched_whole_is_no_pass(self):
        """
        A shallow clone cannot show that history is clean, and says why.
        """
        drafts = judge(SecretHistory(reason="the clone is shallow"))

        assert [Status.UNKNOWN] == [d.status for d in drafts]
        assert "the clone is shallow" in drafts[0].message

    def test_what_is_missing_and_what_mends_it(self):
        """
        Why the history was not searched whole is told with what to do, and with what was searched.
        """
        left = (LeftOut(reason="broken", objects=2), LeftOut(reason="images", objects=3, counts=False))
        drafts = judge(
            SecretHistory(
                commits=9, blobs=20, messages=9, refs=2, left_out=left, reason="2 are broken", remedy="mend it"
            )
        )

        assert ["The tree holds none, and history was not searched whole: 2 are broken (mend it)"] == [
            d.message for d in drafts
        ]
        assert {
            examined(20, "blobs of history"),
            examined(9, "messages"),
            examined(2, "refs"),
            examined(2, "objects of history not searched (broken)"),
            examined(3, "objects of history not searched (images)"),
        } <= set(drafts[0].evidence)

    def test_what_the_clone_does_not_have(self):
        """
        A pass says which branches were not there to be searched.
        """
        drafts = judge(SecretHistory(commits=9, complete=True, absent=("the branches of 'origin' other than main",)))

        assert [
            "Neither the tree nor its history holds a credential; not in this clone are the branches of 'origin' other "
            "than main"
        ] == [d.message for d in drafts]

    def test_all_are_counted(self):
        """
        The total is told, and not how many of them are kept.
        """
        kept = tuple(
            Credential(kind="github-token", source=Source(path=f"{n}.sh", line=3), commit="0123456789abcdef")
            for n in range(200)
        )
        (draft,) = judge(SecretHistory(found=kept, commits=9, complete=True, total=2_500, live=2_400))

        assert draft.message.startswith("History still holds 2,400 credentials: github-token in 0.sh since 0123456789,")
        assert draft.message.endswith(" and 196 more (of the first 200)")
        assert draft.measure is not None
        assert 2_400 == draft.measure.value
        assert [f"1 more: github-token in {n}.sh since 0123456789" for n in range(4, 50)] == [
            str(counted) for counted in draft.evidence if "more: " in str(counted)
        ]

    def test_a_message_is_named(self):
        """
        What stands in the message of a commit is not a file.
        """
        old = Credential(
            kind="github-token", source=Source(path="commit message"), commit="0123456789abcdef", message=True
        )
        (draft,) = judge(SecretHistory(found=(old,), commits=9, complete=True))

        assert "History still holds 1 credential: github-token in the commit message of 0123456789" == draft.message

    def test_samples_in_old_tests_fail_nothing(self):
        """
        Low confidence is recorded and decides nothing.
        """
        old = Credential(kind="github-token", source=Source(path="tests/a.py", line=1), role="test", confidence="low")
        drafts = judge(SecretHistory(found=(old,), commits=9, blobs=20, complete=True))

        assert [Status.PASS] == [d.status for d in drafts]


class TestNetworks:
    @pytest.mark.parametrize(
        ("sources", "expected"),
        [
            (["0.0.0.0/0"], True),
            (["::/0"], True),
            (["0.0.0.0/1", "128.0.0.0/1"], True),
            (["0.0.0.0/3"], True),
            (["0.0.0.0/4"], False),
            (["0.0.0.0/4", "16.0.0.0/4"], True),
            (["2000::/3"], True),
            (["2000::/4"], False),
            (["*"], True),
            (["Any"], True),
            (["Internet"], True),
            (["internet "], True),
            (["VirtualNetwork"], False),
            (["10.0.0.0/8", "192.0.2.1"], False),
            (["192.0.2.7/0"], True),
            (["var.ranges", None, {"!Ref": "Range"}, ""], False),
            ([], False),
        ],
    )
    def test_everyone(self, sources, expected):
        """
        A word, one network or several that lie together are everyone on the internet.
        """
        assert expected is world(sources)
