"""Strings that speak about code are told from strings that use it."""

from __future__ import annotations

import time

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Signal
from orchestrator.evidence._phrases import is_sentence
from orchestrator.evidence.facts.code import Code
from orchestrator.evidence.facts.secrets import Secrets
from orchestrator.evidence.inforce.code.python import PythonJudge

REDIS = Signal(id="t.redis", words=("redis://", "new redis("), roles=("source", "config"))


def found(files: dict[str, str]) -> int:
    code = facts_of(files, (REDIS,))[Code]
    assert isinstance(code, Code)
    return code[REDIS].total


class TestMentions:
    @pytest.mark.parametrize(
        "text",
        [
            '"""Talks to redis:// addresses."""\n',
            'class A:\n    """\n    redis://host\n    """\n',
            "def f():\n    r'''redis://host'''\n",
            "FILES = {'app/cache.js': 'const c = new Redis()'}\n",
            "TEXT = 'new Redis()\\n'\nFILES = {'app/cache.js': TEXT * 2}\n",
            "example('new Redis() is left open', {'app/cache.js': ''})\n",
            "KNOWN = re.compile(r'redis://|memcached:')\n",
            "KNOWN = find(r'\\bnew Redis\\(|redis://')\n",
            "KNOWN = words('redis://|memcache|Redis.new(')\n",
            "KNOWN = ('redis://', 'new Redis(', 'memcached')\n",
            "look(anchors=('redis://', 'rediss://'))\n",
            "tell(help='an address such as redis://host')\n",
            "raise Broken('The address of the cache must begin with redis:// as before')\n",
            "@check(\n    example('left open', {'app/cache.js': 'new Redis()'})\n)\ndef f():\n    go()\n",
            "class A:\n    KNOWN = 1; WORDS = ('redis://', 'new Redis(')\n",
            "if 'redis://' in url:\n    go()\n",
            "if url.startswith(('redis://', 'rediss://')):\n    go()\n",
        ],
    )
    def test_mentioned(self, text):
        """
        Prose, words to look for and the contents of other files are not a use of what they name.
        """
        assert 0 == found({"app/cache.py": text})

    @pytest.mark.parametrize(
        "text",
        [
            "cache = connect('redis://cache:6379')\n",
            "CACHES = {'default': {'LOCATION': 'redis://cache:6379'}}\n",
            "URL = os.environ.get('URL', 'redis://cache')  # it's the default\n",
            "BROKERS = ['redis://a', 'redis://b']\n",
            "go(f'redis://{host}')\n",
            "collection.find({'url': 'redis://a'})\n",
            "run(\n    '''\n    redis://a\n    '''\n)\n",
            "patterns = [path('redis://', view)]\n",
            "sql_statement = f'SELECT * FROM caches WHERE url = redis://{host}'\n",
        ],
    )
    def test_used(self, text):
        """
        Addresses, settings, statements of SQL and arguments are used.
        """
        assert 1 == found({"app/cache.py": text})

    def test_in_time(self):
        """
        The work grows with the size of the module, also where it is made to be hard.
        """
        hard = b"x = {" + b"'a.py': {" * 40 + b"}" * 40 + b"}\n" + b"y = ['new Redis(', " + b"'a', " * 60_000 + b"]\n"
        began = time.process_time()
        judge, place = PythonJudge(hard), hard.index(b"new Redis(")

        assert judge.judge(place, place + 10).is_void
        assert judge.judge(0, 1)
        assert time.process_time() - began < 5


class TestIsSentence:
    def test_prose_under_a_key(self):
        """
        A key with a sentence configures nothing.
        """
        lines = ("remedy: Enable the cache at redis://host and restart it.", "url: redis://cache:6379/0", "a: B c d.")

        assert [True, False, False] == [is_sentence(line) for line in lines]
        assert 0 == found({"criteria.yaml": lines[0] + "\n"})


class TestCredentials:
    def test_in_the_text_of_a_file(self):
        """
        A chosen password in a text kept for a file is recorded as too weakly shaped to tell, and never left out.
        """
        line = "FILES = {'db.py': \"pass" + "word = 'k3Jx9QwzLm7Tb'\"}\n"
        secrets = facts_of({"app/cases.py": line})[Secrets]

        assert isinstance(secrets, Secrets)
        assert ["low"] == [credential.confidence for credential in secrets.found]
