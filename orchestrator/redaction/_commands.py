"""Tells a secret by the command whose argument it is: by short options, and by its position."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import ahocorasick_rs

from ._headers import LOGIN
from ._inline import ARGUMENT
from ._match import Match
from ._names import stands_in


class _Command(NamedTuple):
    """How a command is given secrets."""

    options: str = ""
    """Options whose next word is one."""
    joined: str = ""
    """Options that one is written on to: ``-pV``."""
    pairs: str = ""
    """Options whose next word has one behind a sign: ``-u a:V``; each is written with its sign."""
    at: int = -1
    """Which of its words that are not options is one, from 0."""
    switch: str = ""
    """The short option without which none of its words is one."""
    every: bool = False
    """Whatever ``name=`` is given is one."""


_COMMANDS: dict[str, _Command] = {
    **dict.fromkeys(("mysql", "mariadb", "mycli"), _Command(joined="-p")),
    **dict.fromkeys(("docker login", "podman login", "buildah login", "skopeo login", "nerdctl login"), _Command("-p")),
    **dict.fromkeys(("oras login", "registry login", "az login", "acr login", "auth login"), _Command("-p -t")),
    **dict.fromkeys(("oc login", "cf login", "argocd login", "ibmcloud login", "vault login"), _Command("-p -t")),
    "sshpass": _Command("-p", joined="-p"),
    **dict.fromkeys(("redis-cli", "valkey-cli"), _Command("-a")),
    **dict.fromkeys(("htpasswd", "mosquitto_passwd"), _Command(at=2, switch="b")),
    **dict.fromkeys(("mosquitto_pub", "mosquitto_sub", "sqlcmd", "osql "), _Command("-P", joined="-P")),
    **dict.fromkeys(("tsql ", "zip ", "unzip ", "ncftp", "bcp "), _Command("-P")),
    **dict.fromkeys(("7z ", "7za ", "unrar ", "rar "), _Command(joined="-p -hp")),
    **dict.fromkeys(("mongo", "cqlsh", "twine upload", "useradd", "usermod"), _Command("-p")),
    **dict.fromkeys(("ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami"), _Command("-w")),
    **dict.fromkeys(("ldappasswd", "slappasswd"), _Command("-w -a -s")),
    "curl ": _Command(pairs="-u: -U: --user: --proxy-user:"),
    **dict.fromkeys(("http ", "https ", "xh ", "ab -"), _Command(pairs="-a: --auth: -A:")),
    "lftp ": _Command(pairs="-u,"),
    "smbclient": _Command(pairs="-U%"),
    **dict.fromkeys(("rabbitmqctl add_user", "rabbitmqctl change_password", "net user"), _Command(at=1)),
    "snyk auth": _Command(at=0),
    "doctl auth": _Command("-t"),
    "gh secret set": _Command("-b --body"),
    "keyvault secret set": _Command("--value"),
    "put-parameter": _Command("--value"),
    "openssl ": _Command("-k -K"),
    **dict.fromkeys(("vault kv put", "vault write", "vault kv patch", "op item create"), _Command(every=True)),
    "secrets set": _Command(every=True),
}
_HARD: dict[str, re.Pattern[bytes]] = {
    "sqlplus": re.compile(
        rb"sqlplus(?:[ \t]{1,4}-\S{1,20}){0,4}[ \t]{1,8}[\"']?[^\s/\"']{1,80}/[\"']?([^\s@\"'$]{1,200}+)"
    ),
    " pass:": re.compile(rb"[ \t]pass:([^\s\"'`;|]{1,300}+)"),
    '"pass:': re.compile(rb"\"pass:([^\s\"'`;|]{1,300}+)"),
    "'pass:": re.compile(rb"'pass:([^\s\"'`;|]{1,300}+)"),
    "convertto-securestring": re.compile(
        rb"(?i:convertto-securestring)(?:[ \t]{1,4}-\w{1,20}){0,4}[ \t]{1,4}[\"']([^\"'\r\n]{1,300}+)[\"']"
    ),
    "from-literal": re.compile(
        rb"(?i:from-literal)(?:=|[ \t]{1,4}|[\"'],[ \t]{0,4})[\"']?[\w.-]{1,100}+=[\"']?([^\s\"'`;|&<>]{1,300}+)"
    ),
    **dict.fromkeys(
        ("authorization: bearer ", "authorization: token ", "authorization: basic "),
        re.compile(rb"(?i:authorization: \w{5,6} {1,3})([^\s\"'`<>${}]{6,300}+)[\"']"),
    ),
    "sonar.login": re.compile(rb"sonar\.login[\"']?[ \t]?[=:,][ \t]?[\"']?([^\s\"'`;|&<>,]{6,300}+)"),
}  # fmt: skip
"""What a pattern tells from where its word begins."""
_CHANGED = re.compile(rb"[\s\"'][\w.@-]{1,60}+:([^\s\"':|]{1,200}+)[\"']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?$")
WORDS = (*_COMMANDS, *_HARD, "chpasswd")
"""One of these is in the lower-cased text around every find."""
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in WORDS])
_LONGEST, _MOST_WORDS = 2_000, 120

_TOKEN = re.compile(
    rb"(?P<gap>(?:[ \t]|[\\`^]\r?\n|,[ \t]{0,80}+\r?\n[ \t]{0,80}+(?=[\"'])|\r?\n[ \t]{1,80}+-[ \t]++)++)"
    rb"|\"(?P<double>(?:[^\"\\\r\n]|\\[^\r\n]){0,400}+)\"|'(?P<single>[^'\r\n]{0,400}+)'"
    rb"|(?P<bare>(?:[^\s\"'`;|&()<>,\[\]\\]|\\[^\r\n]|,(?![\s\"'])){1,400}+)|(?P<end>\r?\n|[;|&)`])|(?P<sign>[^\r\n])"
)


class _Word(NamedTuple):
    """A word of a command line: what it says, where it stands, and whether it is written on to the one before."""

    said: bytes
    start: int
    end: int
    adjoined: bool


def commands(data: bytes) -> Iterator[Match]:
    """
    The arguments that a command takes for secrets; a command ends with its line, unless that is continued or a list.

    Each part of *data* is read as a command once.
    """
    reached = 0
    for number, start, end in _AUTOMATON.find_matches_as_indexes(data.lower()):
        word = WORDS[number]
        if word == "chpasswd":
            line = data[max(data.rfind(b"\n", max(0, start - 200), start), start - 200, 0) : start]
            found = _CHANGED.search(line)
            if found and not stands_in(found.group(1).decode("utf-8", "replace")):
                offset = start - len(line)
                yield Match(ARGUMENT, offset + found.start(1), offset + found.end(1), "low")
        elif word in _HARD:
            if (found := _HARD[word].match(data, start)) and not stands_in(found.group(1).decode("utf-8", "replace")):
                yield Match(ARGUMENT, found.start(1), found.end(1), "low")
        elif start >= reached and not data[max(0, start - 1) : start].isalnum():
            words, reached = _words(data, end + (data[end : end + 1] in (b'"', b"'")))
            yield from _arguments(_COMMANDS[word], words)


def _words(data: bytes, start: int) -> tuple[list[_Word], int]:
    """The words behind a command's own, and where it ends; what is left of the command's word comes first."""
    words: list[_Word] = []
    at, limit, touching = start, min(len(data), start + _LONGEST), True
    while at < limit and len(words) < _MOST_WORDS:
        found = _TOKEN.match(data, at, limit)
        if found is None or found.lastgroup == "end":
            break
        kind = found.lastgroup or "sign"
        if kind in ("double", "single", "bare"):
            words.append(_Word(found.group(kind), found.start(kind), found.end(kind), touching))
        touching = kind in ("double", "single", "bare")
        at = found.end()
    return words, max(at, start)


def _arguments(command: _Command, words: list[_Word]) -> Iterator[Match]:
    options, joined = command.options.encode().split(), command.joined.encode().split()
    pairs = {pair[:-1]: pair[-1:] for pair in command.pairs.encode().split()}
    plain, switched, shorter = 0, not command.switch, 0
    for number, word in enumerate(words):
        before = words[number - 1].said if number else b""
        said = word.said
        option, sign, value = said.partition(b"=")
        if before in options and not said.startswith(b"-"):
            yield from _match(word, 0)
        elif sign and option in options:
            yield from _match(word, len(option) + 1, words[number + 1 : number + 2] if not value else [])
        elif head := next((head for head in joined if said.startswith(head) and not said.startswith(b"--")), b""):
            following = words[number + 1 : number + 2] if said == head else []
            yield from _match(word, len(head), [w for w in following if w.adjoined])
        elif pair := next((p for p in pairs if before == p or (said.startswith(p) and len(said) > len(p))), b""):
            skipped = 0 if before == pair else len(pair)
            mark = said.find(pairs[pair], skipped)
            if mark >= 0 and not said[skipped:mark].startswith(b"//"):
                yield from _match(word, mark + 1, kind=LOGIN)
        elif command.every and sign and value and not said.startswith(b"-"):
            yield from _match(word, len(option) + 1)
        elif command.switch and said.startswith(b"-"):
            switched = switched or (command.switch.encode() in said and not said.startswith(b"--"))
            shorter += b"n" in said
        elif not said.startswith(b"-") and not (number == 0 and word.adjoined):
            if command.at >= 0 and switched and plain == command.at - shorter:
                yield from _match(word, 0)
            plain += 1


def _match(word: _Word, skipped: int, instead: list[_Word] | None = None, kind: str = ARGUMENT) -> Iterator[Match]:
    """The secret in *word* behind what is *skipped*, or all of the word that stands there *instead*."""
    start, end, said = word.start + skipped, word.end, word.said[skipped:]
    if not said and instead:
        start, end, said = instead[0].start, instead[0].end, instead[0].said
    if said and not stands_in(said.strip(b"\"'").decode("utf-8", "replace")):
        yield Match(kind, start, end, "low")
