"""Asks documents which of their values are secret, whatever these look like."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.catalogue.loader import catalogue
from orchestrator.redaction import KINDS, redacted, told, withholding
from tests.journal.matrix import P, S, T

SECRET = (
    {"kind": "Secret", "data": {"a": "aGVyb24x"}, "stringData": {"b": "heron"}},
    {"kind": "List", "items": [{"kind": "Secret", "data": {"a": "heron"}}]},
    {"kind": "Secret", "body": {"kind": "Secret", "stringData": {"a": "heron"}}},
    {"auths": {"r.acme.io": {"auth": "heron", "identity" + T: "heron"}}},
    {"env": [{"name": f"DB_{P.upper()}", "value": "heron"}]},
    {"Environment": [{"Name": f"DB_{P.upper()}", "Value": "heron"}]},
    {"Parameters": {"A": {"Type": "String", "NoEcho": True, "Default": "heron"}}},
    {"Parameters": {f"Db{P.title()}": {"Type": "String", "Default": "heron"}}},
    {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "heron"}},
    {"block": "variable", "label": "a", "body": {"sensitive": True, "default": "heron"}},
    {"block": "variable", "label": f"db_{P}_2", "body": {"default": "heron"}},
    {"block": "resource", "type": "aws_ssm_parameter", "label": "p", "body": {"value": "heron"}},
    {"block": "resource", "type": "a", "body": {"set_sensitive": [{"name": "a", "value": "heron"}]}},
    {"resource": {"aws_ssm_parameter": {"p": {"value": "heron"}}}},
    {"outputs": {"k": {"value": "heron", "sensitive": True}}},
    {"resources": [{"type": "aws_ssm_parameter", "instances": [{"attributes": {"value": "heron"}}]}]},
    {"env": {f"API_{T.upper()}": {"value": "heron"}}},
    {"variables": [{"name": "a", "value": "heron", f"is{S.title()}": True}]},
    {f"{P}s": ["heron", "heron"]},
    {"args": ["redis-server", "--requirepass", "heron"]},
    {"args": ["rabbitmqctl", "add_user", "shop", "heron"]},
    {"script": ["mytool", f"--{T}", "heron"]},
)
NONE = (
    {"kind": "SealedSecret", "spec": {"encryptedData": {P: "heron"}}},
    {"sops": {"mac": "x"}, "data": {P: "ENC[AES256_GCM,data:heron,type:str]"}},
    {"kind": "Secret", "data": {P: "{{ .Values.heron }}"}},
    {"env": [{"name": f"DB_{P.upper()}", "valueFrom": {f"{S}KeyRef": {"name": "heron", "key": P}}}]},
    {"env": [{"name": f"{T.upper()}_URL", "value": "https://heron.example/x"}]},
    {"Type": "String", "NoEcho": False, "Default": "heron"},
    {"block": "variable", "label": "a", "body": {"default": "heron"}},
    {"block": "resource", "type": "a", "body": {P: f"random_{P}.heron.result", f"{P}_file": "heron"}},
    {P: {"type": "string", "description": "heron"}},
    {f"{P}": f"${{aws_{S}.heron.arn}}:{P}::", T: "string", "tokens": 12, f"max_{T}s": 4_096},
    {f"/env/{P}": 1_200, f"{S}Name": "heron", f"next{T.title()}": "heron"},
    {f"security.no-{S}": "heron", f"a-{S}": "sha256:055e603d00ef4cf7"},
)  # fmt: skip


class TestStructure:
    @pytest.mark.parametrize("document", SECRET, ids=json.dumps)
    def test_withheld(self, document):
        """
        What a kind, a name, a type or a mark says is secret is withheld in a record, weak words too.
        """
        said = redacted(document)

        assert "heron" not in json.dumps(said)
        assert "aGVyb24x" not in json.dumps(said)
        assert said == redacted(said)

    @pytest.mark.parametrize("document", SECRET[:19], ids=json.dumps)
    def test_told(self, document):
        """
        A run learns the same values from the document.
        """
        assert {"heron"} == {value for _, value in told(document)} - {"aGVyb24x"}

    @pytest.mark.parametrize("document", NONE, ids=json.dumps)
    def test_shown(self, document):
        """
        References, types, ciphertext, names and counts are evidence.
        """
        assert document == redacted(document)
        assert [] == [value for _, value in told(document) if "heron" in value and "ENC" not in value]

    def test_numbers(self):
        """
        A password that is a number is withheld as one; a line, a port or a count is none.
        """
        said = redacted({P: 480_193, "port": 5_432, f"{P}_length": 4_000, f"{T}s": 120_000})

        assert isinstance(said[P], str)
        assert "480193" not in said[P]
        assert (5_432, 4_000, 120_000) == (said["port"], said[f"{P}_length"], said[f"{T}s"])

    def test_what_says_itself_that_it_is_none(self):
        """
        A documented sample is withheld as a placeholder, so that nobody takes its stub for a value of somebody's own.
        """
        assert "[withheld placeholder, " in redacted({"kind": "Secret", "data": {"a": "change" + "me"}})["data"]["a"]
        assert "placeholder" not in KINDS

    def test_the_same_one_is_known_again(self):
        """
        One digest for one secret, in a document and in a line.
        """
        with withholding(b"k" * 32):
            in_document = redacted({f"DB_{P.upper()}": "heron-11"})[f"DB_{P.upper()}"]
            in_line = redacted(f"db_{P} = 'heron-11'")

        assert in_document in in_line


KEYS = (
    "kind",
    "Type",
    "type",
    "block",
    "body",
    "label",
    "data",
    "stringData",
    "name",
    "value",
    "sensitive",
    "auths",
    "a",
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from(("Secret", "SealedSecret", P, "heron", "true"))
)
SHAPES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


class TestShapes:
    @given(SHAPES)
    def test_any_shape_is_a_document(self, document):
        """
        Whatever stands where a word is expected; and what is withheld once stays as it is.
        """
        said = redacted(document)

        assert said == redacted(said)
        assert all(isinstance(value, str) for _, value in told(document))


class TestOwn:
    def test_what_we_say_ourselves_is_shown(self):
        """
        No statement, remedy or name of the catalogue is taken for a secret.
        """
        said = catalogue().model_dump(mode="json")

        assert said == redacted(said)


class TestKeep:
    def test_a_word_is_withheld_in_its_place_alone(self):
        """
        A weak value would blot out a word that others use as well.
        """
        with withholding(b"k" * 32) as kept:
            kept.keep("default", "postgres")

            assert "[withheld" in redacted('  default = "postgres"')
            assert "[withheld" in redacted("default: postgres")
            assert "[withheld" in redacted({"default": "postgres"})["default"]
            for text in ("we run postgres here", "image: postgres", "default postgresql", "xdefault = postgres"):
                assert text == redacted(text)
            assert {"image": "postgres"} == redacted({"image": "postgres"})

    def test_what_can_be_nothing_else_is_withheld_everywhere(self):
        """
        However it is written.
        """
        with withholding(b"k" * 32) as kept:
            kept.keep("a", "QuartzHeron!7x2")
            said = [redacted(text) for text in ("see QuartzHeron!7x2", "UXVhcnR6SGVyb24hN3gy", "QuartzHer' + 'on!7x2")]

        assert [1, 1, 1] == [text.count("[withheld") for text in said]

    def test_a_line_for_itself(self):
        """
        An argument on a line of its own has no name beside it.
        """
        with withholding(b"k" * 32) as kept:
            kept.keep("", "heron", alone=True)

            assert "heron" not in redacted("      - heron") + redacted("    'heron' \\") + redacted("a\nheron\nb")
            assert "a heron flies" == redacted("a heron flies")

    def test_each_of_several_lines(self):
        """
        A file within a Secret is withheld line by line too, since lines are quoted one by one.
        """
        with withholding(b"k" * 32) as kept:
            kept.keep("config", f"user: app\n{P[:4]}: heron\nmore words here\n")

            assert "heron" not in redacted(f"    {P[:4]}: heron")
            assert "app" not in redacted("    user: app")
