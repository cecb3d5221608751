"""This is where it is checked what examples cannot show of security-validator: credentials in history."""

from __future__ import annotations

from orchestrator import Credential, SecretHistory, Source, Status
from orchestrator.engine.roster import built_in
from orchestrator.testing import facts_of

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

    def test_samples_in_old_tests_fail_nothing(self):
        """
        Low confidence is recorded and decides nothing.
        """
        old = Credential(kind="github-token", source=Source(path="tests/a.py", line=1), role="test", confidence="low")
        drafts = judge(SecretHistory(found=(old,), commits=9, blobs=20, complete=True))

        assert [Status.PASS] == [d.status for d in drafts]
