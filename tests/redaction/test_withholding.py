"""Holds stubs to their promises, and looks everywhere for values that are known to be secret."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.redaction import Match, fingerprint, redact, redacted, withholding
from tests.redaction.test_redact import PLACEHOLDERS, SAMPLES

KEY, OTHER = b"k" * 32, b"o" * 32
TOKEN = SAMPLES["github-token"][0]
VALUE = "s9Xq2Lm8Vc4Tz"
STUB = re.compile(r"\[withheld ([a-z-]+), (\d+) characters, #([0-9a-f]{8})\]")
TEXTS = [text for texts in SAMPLES.values() for text in texts]


class TestStub:
    def test_has_kind_length_and_digest(self):
        """
        The same secret is known again under the same key, and under another one it is not.
        """
        with withholding(KEY):
            first, second, other = redact(f"a {TOKEN}"), redact(f"b {TOKEN}"), redact(f"c {TOKEN[:-1]}x")
        with withholding(OTHER):
            elsewhere = redact(f"a {TOKEN}")
        found = [STUB.search(text) for text in (first, second, other, elsewhere)]
        digests = [m.group(3) for m in found if m]

        assert ("github-token", "40") == (found[0] and found[0].group(1), found[0] and found[0].group(2))
        assert digests[0] == digests[1]
        assert 3 == len(set(digests))

    def test_without_a_key_there_is_no_digest(self):
        """
        A digest that anybody could make would let a weak password be guessed.
        """
        assert "a [withheld github-token, 40 characters]" == redact(f"a {TOKEN}")

    def test_fingerprints_are_keyed_too(self):
        """
        What facts know a password again by tells nothing to who has no key.
        """
        match = Match("assigned-secret", 0, 8, "low")
        with withholding(KEY):
            keyed = fingerprint(match, b"hunter22")

        assert 16 == len(keyed)
        assert not keyed.startswith(fingerprint(match, b"hunter22"))

    async def test_reaches_tasks_and_threads(self):
        """
        Whatever begins inside of a run withholds as the run does, and it ends with it.
        """

        async def said() -> str:
            return redact(TOKEN)

        with withholding(KEY):
            answers = await asyncio.gather(asyncio.to_thread(redact, TOKEN), asyncio.create_task(said()))

        assert [True, True] == [STUB.fullmatch(text) is not None for text in answers]
        assert STUB.search(redact(TOKEN)) is None

    @pytest.mark.parametrize("text", TEXTS)
    @pytest.mark.parametrize("key", [KEY, b""], ids=["keyed", "bare"])
    def test_is_left_alone(self, text, key):
        """
        A stub is never redacted again, wherever its end is cut off, and whatever it is given to.
        """
        with withholding(key):
            said = redact(f"{text}\n")
            for at in range(said.index("[withheld "), len(said), 7):
                cut = redact(said[:at] + "…")
                assert cut == redact(cut)
                assert cut.startswith(said[: said.index("[withheld ")])
            for given_to in ("password = '{}'", "api_key: {}\n", "Authorization: Bearer {}", "Cookie: sid={}"):
                stub = said[said.index("[withheld ") : said.index("]") + 1]
                assert given_to.format(stub) == redact(given_to.format(stub))

    @pytest.mark.parametrize("text", [f"password = 'x {TOKEN} y'", f"api_key: '{TOKEN}, {TOKEN}'"])
    def test_what_is_given_to_a_name_beside_a_stub(self, text):
        """
        A name does not take a stub that is a part of its value for a password.
        """
        assert redact(text) == redact(redact(text))

    @given(st.lists(st.sampled_from([*TEXTS, *PLACEHOLDERS, "'", '"', "\n", " ", "=", "password", "Cookie: a="])))
    def test_doing_it_twice_changes_nothing(self, parts):
        """
        However credentials, quotes and names follow each other.
        """
        with withholding(KEY):
            said = redact(" ".join(parts))

            assert said == redact(said)

    @pytest.mark.parametrize(
        "hidden", [f"[withheld {TOKEN}, 3 characters]", f"[withheld {TOKEN}", f"[withheld x] {TOKEN}"]
    )
    def test_is_no_hiding_place(self, hidden):
        """
        What only looks like a stub keeps no secret.
        """
        assert TOKEN not in redact(f"a {hidden}")


def written(value: str) -> list[str]:
    """How a value may occur elsewhere."""
    raw = value.encode()
    return [
        f"bare {value} here",
        f"({value})",
        urllib.parse.quote(f"?p={value}&x", safe=""),
        *(base64.b64encode(b"u:"[:n] + raw + b"tail").decode() for n in range(3)),
        raw.hex(),
        f"{value[:5]}\n      {value[5:]}",
        f'"{value[:6]}" + "{value[6:]}"',
        f"{value[:7]}\\\n{value[7:]}",
        json.dumps(f"{value[:4]}\n{value[4:]}"),
    ]


class TestKnown:
    @pytest.mark.parametrize(
        ("environment", "value"),
        [
            ({"SHOP_TOKEN": VALUE}, VALUE),
            ({"ANTHROPIC_API_KEY": "sk-unusual-shape-8812"}, "sk-unusual-shape-8812"),
            ({"DB_PASSWORD": "correct horse battery"}, "correct horse battery"),
            ({"DB_PASS": 'q"\\é9Lm8Vc4Tz'}, 'q"\\é9Lm8Vc4Tz'),
            ({"DATABASE_URL": "postgres://app:s9Xq2%40Lm8Vc@db/app"}, "s9Xq2@Lm8Vc"),
        ],
    )
    def test_values_of_the_environment(self, environment, value):
        """
        They are withheld as they are, encoded, and over several lines; the same value has one digest.
        """
        with withholding(KEY, environment):
            said = [redact(text) for text in written(value)]
        bare = re.sub(r"\W", "", value)

        assert not [text for text in said if value in text or bare in re.sub(r"\W", "", text)]
        assert [1] * len(said) == [len(STUB.findall(text)) for text in said]
        assert 1 == len({m.group(3) for text in said for m in STUB.finditer(text)})
        assert all("environment-value" in text for text in said)

    @pytest.mark.parametrize(
        "environment",
        [
            {"POSTGRES_PASSWORD": "postgres"},
            {"DB_PASSWORD": "postgres123"},
            {"API_TOKEN": "short"},
            {"SSH_KEY": "/home/ann/.ssh/deploy_1"},
            {"PWD": "/srv/postgres"},
            {"EDITOR": "correct horse battery"},
            {"TOKEN": "${postgres}"},
            {"DEPLOY_KEY": "~/keys/deploy-eu-1"},
            {"SIGNING_KEY": "vault://kv/shop-eu-1"},
        ],
    )
    def test_words_and_places_are_not(self, environment):
        """
        A word that happens to be a password somewhere does not blank the report.
        """
        text = "postgres postgres123 short /home/ann/.ssh/deploy_1 /srv/postgres correct horse battery ${postgres}"
        text += " ~/keys/deploy-eu-1 vault://kv/shop-eu-1"
        with withholding(KEY, environment):
            assert text == redact(text)

    def test_values_found_in_the_tree(self):
        """
        A password that only its assignment gives away is withheld where it is repeated without one.
        """
        with withholding(KEY) as kept:
            kept.learn(f"DB_PASSWORD={VALUE}\nOTHER=1\n".encode())
            said = [redact(text) for text in written(VALUE)]

        assert not [text for text in said if VALUE in text or "[withheld" not in text]
        assert f"bare {VALUE} here" == redact(f"bare {VALUE} here")

    @pytest.mark.parametrize(
        "value", ["password1234", "Summer-2024-Sale", "bank-of-anthos-2024", "hunter2hunter2", "s9Xq2Lm8Vc4"]
    )
    def test_memorable_values_are_not_learned(self, value):
        """
        Short values and words with a number behind them would be false alarms all over a report.
        """
        with withholding(KEY) as kept:
            kept.learn(f"DB_PASSWORD={value}\n".encode())

            assert f"see {value} there" == redact(f"see {value} there")

    def test_an_error_after_the_run_knows_what_it_learned(self):
        """
        What a run has learned stays withheld around it, where its errors are told.
        """
        with withholding() as around:
            with withholding(KEY) as kept:
                kept.learn(f"DB_PASSWORD={VALUE}\n".encode())
            told = redact(f"failed: {VALUE}")

        assert "failed: [withheld environment-secret, 13 characters]" == told
        assert around is not kept

    def test_keys_of_steps_are_not_numbers_of_cards(self):
        """
        A step is found again by its key, whatever digits end it.
        """
        key = "run#1:own/card:41111111" + "11111111"

        assert {"key": key} == redacted({"key": key})


class TestJoined:
    @pytest.mark.parametrize(
        "joint", ["\n    ", "\\\n", "\\n", "' + '", "' \\\n  '", "'\n    + '"], ids=lambda joint: repr(joint)
    )
    def test_a_token_in_parts(self, joint):
        """
        A token over two lines, continued, or put together from two texts is withheld as the one that it is.
        """
        with withholding(KEY):
            whole, parts = redact(f"'{TOKEN}'"), redact(f"'{TOKEN[:22]}{joint}{TOKEN[22:]}' + x")

        assert f"{whole} + x" == parts

    @pytest.mark.parametrize(
        "write", [repr, json.dumps, lambda text: json.dumps(json.dumps(text)), lambda text: repr([text])]
    )
    def test_a_text_within_a_text(self, write):
        """
        Escapes around a token, a header or a password do not hide it, however often it was written anew.
        """
        text = f"at\n{TOKEN}\nCookie: sid={VALUE}\ndb_password = '{VALUE}'\nAPI_TOKEN={VALUE}\n"
        text += f"{TOKEN[:20]}\\\n{TOKEN[20:]}\n"
        said = redact(write(text))

        assert VALUE not in said
        assert TOKEN[:20] not in said
        assert TOKEN[20:] not in said
        assert said == redact(said)

    def test_a_token_at_the_end_of_its_line_is_whole(self):
        """
        What stands in the next line is not taken along.
        """
        assert "[withheld github-token, 40 characters]\nnextline = 1" == redact(f"{TOKEN}\nnextline = 1")

    def test_lines_below_each_other_are_no_token(self):
        """
        Prose with the head of a token in it is not put together into one.
        """
        text = "\n".join(itertools.chain(["tokens begin with ghp_ and"], ["more words follow here"] * 4))

        assert text == redact(text)


class TestTitles:
    @pytest.mark.parametrize(
        ("line", "withheld"),
        [
            ("receiver: Critical", False),
            ("severity: Critical", False),
            ("receiver: Crit1cal", True),
            ("token: Critical", True),
        ],
    )
    def test_in_a_text_that_is_secret_are_none(self, line: str, withheld: bool):
        """
        A configuration that is kept secret has titles, which are said; what one could type in is withheld.
        """
        with withholding(KEY) as withheld_values:
            withheld_values.keep("alertmanager.yaml", f"route:\n  {line}\n  group_wait: 30s\n")
            said = redact(f"it has {line} in it")

        assert withheld == ("[withheld" in said)
