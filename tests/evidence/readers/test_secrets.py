"""Checks that credentials in files become a fact that never holds one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator import Secrets
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.secrets import SecretsReader
from orchestrator.evidence.tree import MemoryTree

PASSWORD = "k3Jx9" + "QwzLm7Tb2Vn"
TOKEN = "gh" + "p_" + "aZ3kQ9xW7bV2mN8cR5tY1uJ6hF4gD0sLpEoi"


def secrets_of(files: Mapping[str, str | bytes]) -> Secrets:
    fact = read_tree(MemoryTree(files), [SecretsReader()])[Secrets]
    assert isinstance(fact, Secrets)
    return fact


class TestSecretsReader:
    def test_names_the_line_and_never_the_text(self):
        """
        A credential is a place, a kind and a length; its text is nowhere in the fact.
        """
        fact = secrets_of({"app/db.py": f"import db\n\nPASS{'WORD'} = '{PASSWORD}'\n"})

        assert [("assigned-secret", "app/db.py", 3, len(PASSWORD))] == [
            (c.kind, c.source.path, c.source.line, c.length) for c in fact.found
        ]
        assert PASSWORD not in fact.model_dump_json()
        assert 1 == fact.files
        assert fact.rules > 35

    @pytest.mark.parametrize(("path", "lines"), [(".pgpass", [2]), ("etc/pgpass.conf", [2]), ("hosts.txt", [])])
    def test_a_table_of_passwords(self, path, lines):
        """
        PostgreSQL's own file has passwords without a name; a comment and a plain word in it are none.
        """
        fact = secrets_of({path: f"# host:port:db:user\ndb.x.net:5432:*:app:{PASSWORD}\ndb:*:*:a:changeme\n"})

        assert lines == [c.source.line for c in fact.found]

    def test_tests_and_samples_count_for_little(self):
        """
        What stands in tests, prose, samples and other people's code is recorded with low confidence.
        """
        line = f"pass{'word'} = '{PASSWORD}'\n"
        paths = ["tests/test_db.py", "docs/setup.md", "vendor/x/a.py", "config.example.ini", "examples/a.py"]

        assert {"low"} == {c.confidence for c in secrets_of(dict.fromkeys(paths, line)).found}

    def test_a_chosen_password_for_development_counts_for_little_and_a_token_does_not(self):
        """
        A throw-away password in a development file is harmless; a real token in it is not.
        """
        fact = secrets_of({"compose.dev.yaml": f"pass{'word'}: '{PASSWORD}'\ngithub: {TOKEN}\n"})

        assert {"assigned-secret": "low", "github-token": "high"} == {c.kind: c.confidence for c in fact.found}

    @pytest.mark.parametrize("path", [".env", "settings.ini", "app/settings", "config/app.py"])
    def test_a_nul_byte_hides_nothing(self, path):
        """
        A text with a NUL byte is searched, and named with its line, whatever its first bytes claim.
        """
        fact = secrets_of({path: f"\x7fELF\nA=1\0\nB=2\nTOKEN='{TOKEN}'\n".encode() if "." in path else f"\0\n{TOKEN}"})

        assert [("github-token", 4 if "." in path else 2)] == [(c.kind, c.source.line) for c in fact.found]
        assert () == fact.problems

    def test_a_program_is_no_text(self):
        """
        What is one by its name and by its first bytes is not searched.
        """
        program = b"\x7fELF\2\1\1\0" + TOKEN.encode()

        assert (0, ()) == ((fact := secrets_of({"tool": program, "a.zip": program})).files, fact.found)

    def test_an_expression_in_code_is_no_value(self):
        """
        Without quotes a value counts in configuration, not in program code.
        """
        assert not secrets_of({"a.py": "password = other_password_2\n"}).found
        assert secrets_of({".env": f"DB_PASS{'WORD'}={PASSWORD}\n"}).found

    def test_one_file_cannot_flood_the_fact(self):
        """
        Twenty a file are kept.
        """
        assert 20 == len(secrets_of({"a.yml": f"pass{'word'}: '{PASSWORD}'\n" * 500}).found)

    def test_the_same_credential_has_the_same_digest(self):
        """
        Two places of one credential can be told to be one, and another's differs.
        """
        fact = secrets_of({"a.ini": f"token = {TOKEN}\n", "b.ini": f"key: {TOKEN}\n", "c.ini": f"key: {TOKEN[:-1]}x\n"})
        digests = [c.digest for c in fact.found]

        assert digests[0] == digests[1] != digests[2]

    def test_filler_between_the_lines_of_a_key_is_no_key(self):
        """
        A private key has nearly every letter of its alphabet; a word that is repeated where one goes stands in for it.
        """
        armour = "-----{} RSA PRIVATE" + " KEY-----\n"
        bodies = {
            "a.yml": "privatekey" * 12,
            "b.yml": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
        }
        fact = secrets_of(
            {path: f"key: |\n{armour.format('BEGIN')}{body}\n{armour.format('END')}" for path, body in bodies.items()}
        )

        assert ["b.yml"] == [c.source.path for c in fact.found if c.kind == "private-key"]
