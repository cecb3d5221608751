"""Checks what examples cannot show of security-validator: credentials in history."""

from __future__ import annotations

import pytest
from orchestrator.agents.security_validator._firewalls import world

from orchestrator import Credential, RuleSet, SecretHistory, Secrets, Source, Status, examined
from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.secrets import LeftOut
from orchestrator.planning.roster import built_in

CLEAN = {"app.py": "print('hello')\n"}
CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
CHECK = CHECKS["security-validator.secrets.no-secret-in-version-control"]


RULES = RuleSet(name="rules", version="2.1", released="2026-10-20", rules=480)


def judge(history: SecretHistory, **secrets: object):
    facts = facts_of(CLEAN, CHECK.reads)
    asked = history if history.ruleset else history.model_copy(update={"ruleset": RULES})
    here = facts[Secrets].model_copy(update={"ruleset": RULES, **secrets})
    return list(CHECK.run({**facts, Secrets: here, SecretHistory: asked}))


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


STALE = RULES.model_copy(update={"lacking": "was released on 2024-05-06, more than 18 months before 2026-11-30"})
WHOLE = SecretHistory(commits=9, blobs=20, complete=True, ruled=29, size=9_000)


class TestRules:
    def test_a_pass_says_whose_rules_have_read_how_much(self):
        """
        The set is named with its version and its day, and so is what it has read: files, bytes, rules, blobs.
        """
        (draft,) = judge(WHOLE, ruled=7, size=700)

        assert Status.PASS == draft.status
        assert {
            examined(7, "files by the rules of rules 2.1 of 2026-10-20"),
            examined(700, "bytes of files"),
            examined(480, "rules"),
            examined(29, "blobs and messages by the rules of rules 2.1 of 2026-10-20"),
            examined(9_000, "bytes of history"),
        } <= set(draft.evidence)

    @pytest.mark.parametrize("which", ["tree", "history"])
    @pytest.mark.parametrize(
        ("rules", "why"),
        [
            (STALE, "was released on 2024-05-06, more than 18 months before 2026-11-30"),
            (RuleSet(name="rules", lacking="is not installed"), "is not installed"),
        ],
    )
    def test_without_rules_nothing_passes(self, which, rules, why):
        """
        Where the set is missing or old, in either search, it cannot be told whether there is a credential.
        """
        here = {"ruleset": rules} if which == "tree" else {}
        before = WHOLE.model_copy(update={"ruleset": rules}) if which == "history" else WHOLE
        (draft,) = judge(before, **here)

        assert Status.UNKNOWN == draft.status
        assert draft.message.startswith("The set of rules for credentials (rules")
        assert draft.message.endswith(why)

    def test_a_record_without_rules_passes_nothing(self):
        """
        What was judged by gonogo's own patterns alone is not said to be free of credentials any more.
        """
        (draft,) = judge(WHOLE, ruleset=None)

        assert (Status.UNKNOWN, "No maintained set of rules for credentials has searched it") == (
            draft.status,
            draft.message,
        )

    def test_without_rules_a_failure_stays(self):
        """
        gonogo's own patterns can fail a release all the same.
        """
        found = Credential(kind="github-token", source=Source(path="deploy.sh", line=3))
        (draft,) = judge(WHOLE, ruleset=None, found=(found,))

        assert Status.FAIL == draft.status

    def test_what_was_not_read_is_named(self):
        """
        An archive that nobody opens takes the pass back; a fixture of the tests does not.
        """
        packed = LeftOut(reason="packed", objects=2, first="lambda.zip")
        (draft,) = judge(WHOLE, unread=(packed,))
        (quiet,) = judge(WHOLE, unread=(packed.model_copy(update={"counts": False}),))

        assert "Not all files could be searched: 2 packed (first lambda.zip)" == draft.message
        assert (Status.UNKNOWN, Status.PASS) == (draft.status, quiet.status)

    def test_a_token_that_somebody_issued_is_worth_a_look_wherever_it_stands(self):
        """
        The path of a test makes no sample of a token that a rule names; of what anybody can make up it does.
        """
        token = Credential(
            kind="github-pat", source=Source(path="tests/a.py", line=1), role="test", confidence="low", rule="x.github"
        )
        (draft,) = judge(WHOLE, found=(token,))
        (quiet,) = judge(WHOLE, found=(token.model_copy(update={"rule": ""}),))

        assert (Status.UNKNOWN, Status.PASS) == (draft.status, quiet.status)


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
