"""The tree's own inline ignores: told, and worth nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from agents.database_migrator import backups, migrations
from agents.security_validator import authentication, injection
from orchestrator import Brief, Check, Exhibit, Profile, Release, Source, examined, failed
from orchestrator.contract.grounds import absent
from orchestrator.contract.ignoring import IGNORED, heeded
from orchestrator.contract.testing import facts_for
from orchestrator.domain.finding import Extent, Finding, Status
from orchestrator.evidence.facts.ignores import Ignored, Ignores

KEY = "AKIA" + "Z7QK4M2XW9B3T6RD"
SQL = 'cur.execute("SELECT a FROM b WHERE n = \'" + request.args["n"] + "\'"){}\n'
VIEW = "from flask import request\n\n\ndef view(cur):\n    " + SQL
STORE = (
    'resource "aws_db_instance" "orders" {{\n{}  engine            = "postgres"\n  storage_encrypted = false{}\n}}\n'
)


def said(check: Check, files: Mapping[str, str]) -> list[tuple[Status, str]]:
    facts = facts_for(check, files)
    return [(draft.status, draft.message) for draft in heeded(check.run(facts), check, facts)]


def statuses(check: Check, files: Mapping[str, str]) -> set[Status]:
    return {status for status, _ in said(check, files)}


CREDENTIALS = authentication.no_credential_in_place
TAKES = injection.sql_takes_parameters


@pytest.mark.parametrize(
    ("path", "text", "status"),
    [
        ("shop/a.py", f'KEY = "{KEY}"\n', Status.FAIL),
        ("shop/a.py", f'KEY = "{KEY}"  # gitleaks:allow\n', Status.UNKNOWN),
        ("shop/a.py", f'KEY = "{KEY}"  # pragma: allowlist secret\n', Status.UNKNOWN),
        ("shop/a.py", f'# pragma: allowlist nextline secret\nKEY = "{KEY}"\n', Status.UNKNOWN),
        ("shop/a.py", f'KEY = "{KEY}"  # nosec\n', Status.UNKNOWN),
        ("shop/a.py", f'KEY = "{KEY}"  # nosec B105\n', Status.UNKNOWN),
        ("shop/a.py", f'KEY = "{KEY}"  # noqa: S105\n', Status.UNKNOWN),
        ("shop/a.js", f'const key = "{KEY}" // trufflehog:ignore\n', Status.UNKNOWN),
        ("shop/a.go", f'package a\n\nvar key = "{KEY}" // #nosec G101\n', Status.UNKNOWN),
        ("config/a.yaml", f"key: {KEY} # gitleaks:allow\n", Status.UNKNOWN),
        ("shop/a.py", f'KEY = "{KEY}"  # nosec B608\n', Status.FAIL),
        ("shop/a.py", f'KEY = "{KEY}"  # noqa: E501\n', Status.FAIL),
        ("shop/a.py", f'KEY = "{KEY}"  # noqa\n', Status.FAIL),
        ("shop/a.py", f'KEY = "{KEY}"\nX = 1  # gitleaks:allow\n', Status.FAIL),
        ("shop/a.py", f'# gitleaks:allow\nKEY = "{KEY}"\n', Status.FAIL),
        ("shop/a.py", f'KEY = "{KEY} # gitleaks:allow"\n', Status.FAIL),
        ("shop/a.py", f'KEY = "{KEY}"  # never write gitleaks:allow\n', Status.FAIL),
        ("shop/a.js", f'const key = "{KEY}" # gitleaks:allow\n', Status.FAIL),
        ("shop/a.js", f'const key = "{KEY}" // nosec\n', Status.FAIL),
    ],
)
def test_credentials(path, text, status):
    """
    A word in the tool's own place, for a rule about credentials or for all, makes a failure unknown; no other does.
    """
    found = statuses(CREDENTIALS, {path: text})

    assert status in found
    assert Status.PASS not in found


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("", Status.FAIL),
        ("  # nosec", Status.UNKNOWN),
        ("  # nosec B608", Status.UNKNOWN),
        ("  # noqa: S608", Status.UNKNOWN),
        ("  # nosemgrep", Status.UNKNOWN),
        ("  # nosec B105", Status.FAIL),
        ("  # noqa: S105", Status.FAIL),
        ("  # gitleaks:allow", Status.FAIL),
        ("  # pragma: allowlist secret", Status.FAIL),
    ],
)
def test_injection(comment, status):
    """
    An ignore is about what its tool would say: one of secrets takes no query away.
    """
    assert {status} == statuses(TAKES, {"shop/views.py": VIEW.format(comment)})


@pytest.mark.parametrize(
    ("inside", "beside", "status"),
    [
        ("", "", Status.FAIL),
        ("  # checkov:skip=CKV_AWS_16:a scratch copy\n", "", Status.UNKNOWN),
        ("  #ts:skip=AC_AWS_0058\n", "", Status.UNKNOWN),
        ("", " #tfsec:ignore:aws-rds-encrypt-instance-storage-data", Status.UNKNOWN),
        ("", " #tfsec:ignore:*", Status.FAIL),
        ("  #trivy:ignore:AVD-AWS-0080\n", "", Status.FAIL),
        ("", " #trivy:ignore:AVD-AWS-0080", Status.UNKNOWN),
        ("  # checkov:skip=CKV_SECRET_6\n", "", Status.FAIL),
        ("  # checkov:skip=CKV_GHA_7\n", "", Status.FAIL),
        ("", " # gitleaks:allow", Status.FAIL),
        ("", " # nosec", Status.FAIL),
    ],
)
def test_infrastructure(inside, beside, status):
    """
    What reaches the place of the failure takes it back: the resource around it, the line itself.
    """
    assert {status} == statuses(backups.encryption, {"infra/main.tf": STORE.format(inside, beside)})


def test_one_of_two_places():
    """
    A failure at several places stands while one of them is not ignored, and says how many are.
    """
    files = {"shop/a.py": f'KEY = "{KEY}"  # nosec\n', "shop/b.py": f'KEY = "{KEY[:-1]}E"\n'}
    ((_, message),) = [row for row in said(CREDENTIALS, files) if row[0] is Status.FAIL]

    assert message.endswith("; 1 of its places is ignored by the tree, which takes nothing from it")


def test_says_who_asked():
    """
    What is ignored is told with the place, the words and the tool, and with what it would be.
    """
    ((_, message),) = said(TAKES, {"shop/views.py": VIEW.format("  # nosec B608")})

    assert message.startswith(f"{IGNORED}, which passes nothing: shop/views.py:5 says `nosec B608` to bandit (")


def test_other_agents_are_not_asked_about_security():
    """
    A failure that no security tool would report is not taken back by what one is told.
    """
    files = {"db/migrate/20240501_phone.rb": (
        "class Phone < ActiveRecord::Migration[7.1]\n  def change\n"
        "    add_column :customers, :phone, :string, null: false # rubocop:disable Security/Eval\n  end\nend\n"
    )}  # fmt: skip

    assert {Status.FAIL} == statuses(migrations.backward_compatible, files)


class TestBrief:
    @staticmethod
    async def judged(
        files: Mapping[str, str], agent: str = "security-validator"
    ) -> tuple[list[Finding], list[Exhibit]]:
        async def quote(places: Sequence[Source]) -> Mapping[tuple[str, int], str]:
            return {}

        release = Release(name="shop", version="1")
        facts = facts_for(CREDENTIALS, files)
        brief = Brief(
            release=release, profile=Profile(), criteria=(), facts=facts, texts={}, quote=quote, agent=agent
        )  # fmt: skip
        return await brief.judge([CREDENTIALS]), brief.exhibits

    async def test_every_agent_heeds_it(self):
        """
        Whoever judges by a check says so, in a finding and in a table; a record without the fact is judged as before.
        """
        found, tables = await self.judged({"shop/a.py": f'KEY = "{KEY}"  # nosec\n'}, agent="another")

        assert [Status.UNKNOWN] == [finding.status for finding in found if finding.message.startswith(IGNORED)]
        assert [IGNORED] == [table.title for table in tables]
        assert "shop/a.py:1" == tables[0].rows[0][1]

    async def test_lists_are_told_and_heeded_nowhere(self):
        """
        A list of what to look away from is named once, and takes nothing away.
        """
        files = {"shop/a.py": f'KEY = "{KEY}"\n', ".gitleaksignore": "shop/a.py:generic-api-key:1\n"}
        found, tables = await self.judged(files)

        assert Status.FAIL in {finding.status for finding in found}
        assert [("-", ".gitleaksignore", "a list for gitleaks, which is heeded nowhere")] == list(tables[0].rows)
        assert [] == (await self.judged(files, agent="another"))[1]

    async def test_without_the_fact(self):
        """
        An older record does not say where its tree asked for anything.
        """
        facts = facts_for(CREDENTIALS, {"shop/a.py": f'KEY = "{KEY}"  # nosec\n'})
        del facts[Ignores]

        assert Status.FAIL in {draft.status for draft in heeded(CREDENTIALS.run(facts), CREDENTIALS, facts)}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, Status.UNKNOWN),
        ({"extent": Extent(places=9)}, Status.FAIL),
        ({"evidence": (Source(path="a.py", line=1), absent("a guard", examined(1, "file")))}, Status.FAIL),
        ({"evidence": (Source(path="a.py", line=1), examined(1, "file"))}, Status.UNKNOWN),
        ({"evidence": (Source(path="a.py", line=1), Source(path="a.py"))}, Status.FAIL),
        ({"status": Status.PASS}, Status.PASS),
    ],
)
def test_what_rests_on_more_stands(change, status):
    """
    What was found at places that are not kept, or by an absence, no comment at a line takes back; nor a pass.
    """
    asked = Ignored(path="a.py", line=1, first=1, last=1, tool="bandit", said="nosec", about=("security",))
    draft = replace(failed("A thing", Source(path="a.py", line=1), criterion="SEC-2.1.5"), **change)
    (found,) = heeded([draft], CREDENTIALS, {Ignores: Ignores(found=(asked,))})

    assert status is found.status


def test_tests_are_read_and_others_are_not():
    """
    What stands in a test can be ignored as well; what is vendored is nobody's word here.
    """
    line = f'KEY = "{KEY}"  # nosec\n'
    facts = facts_for(CREDENTIALS, {"tests/test_a.py": line, "node_modules/x/a.py": line, "shop/a.py": line})
    ignores = facts[Ignores]
    assert isinstance(ignores, Ignores)

    assert ["shop/a.py", "tests/test_a.py"] == [one.path for one in ignores.found]
