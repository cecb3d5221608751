"""Tells how databases are kept that people run themselves, by what pgBackRest is told of its repositories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..domain.fact import Source
from ..domain.signal import ALL, Signal
from ..estate.data_stores import DataStore
from ..estate.declared import Thing
from ..estate.dumps import DUMPS, Dump, dumps
from ..estate.settings import Keeping, Setting
from ..evidence.facts.code import Code
from ..evidence.facts.infrastructure import Infrastructure
from ..evidence.facts.kubernetes import Kubernetes

PGBACKREST = Signal(
    id="data.pgbackrest-repository",
    pattern=r"^\s*repo\d{1,2}-[a-z0-9-]{3,40}\s*=\s*\S",
    roles=("config", "infra", "source", "other"),
    kept=ALL,
)
BACKUPS = Signal(
    id="data.backup-by-script",
    pattern=r"\b(?:pg_dump(?:all)?|mysqldump|mariadb-dump|mongodump|pg_basebackup|restic|borg|rclone|kopia|gpg2?|mtime)\b|"
    r"\bopenssl enc\b|\bbackup:(?:run|clean)\b|\bkeep_\w{1,30}_for_\w{1,12}\b|"
    r"\b(?:wal-g|barman|dbbackup|tarsnap|duplicity)\b|"
    r"\baws s3\b|\bgsutil\b|\bage\s+-|\bcurl\b.{0,80}\s-T\b|\bscp\b",
    roles=("config", "infra", "source", "other"),
    kept=ALL,
)
_ENTRY = re.compile(r"\s*(repo\d{1,2})-([a-z0-9-]+)\s*=\s*(\S+)")
_COMPUTED = re.compile(r"\$|\{\{|%\(")


@dataclass
class _Repository:
    at: Source
    said: dict[str, str] = field(default_factory=dict)


def kept_databases(
    databases: Sequence[DataStore], kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> list[DataStore]:
    """
    *databases*, those that people run themselves with what is told of their backups: by pgBackRest, or by dumps.

    Each file of pgBackRest is of one database. Where there are as many as databases of which nothing else is told,
    they are theirs; where there is none of those, they speak for one that runs elsewhere; else nobody can tell whose
    they are.
    Of dumps nobody can tell whose they are, so that the worst of all ways in which they are made counts for each.
    """
    databases = _beside_others(databases, code)
    files = _files(code)
    bare = [store for store in databases if not store.managed and _untold(store)]
    made = dumps(kubernetes, infrastructure, _lines(code))
    if not files and not made:
        return list(databases)
    others = [store for store in databases if store not in bare]
    told = [store for store in others if not store.managed]
    if files and not made and (not bare or len(files) == len(bare)):
        names = [store.address for store in bare] or [f"pgBackRest of {path}" for path in files]
        return others + [_store(name, repos) for name, repos in zip(names, files.values(), strict=True)]
    beside = [_dumped(one.address, one.at, [one]) for one in made] if files or told or not bare else []
    if not databases and not files:
        return beside
    if files or not made:
        return [*databases, *beside]
    return [*others, *(_dumped(store.address, store.at, made) for store in bare), *beside]


def _beside_others(databases: Sequence[DataStore], code: Code) -> list[DataStore]:
    """*databases*: what a provider keeps for a short while may be kept for longer by other backups that are made."""
    other = next(
        (hit for hit in code[BACKUPS].places if _OTHERS.search(hit.text) and not _SHOWN.search(hit.path)), None
    )
    if other is None:
        return list(databases)
    found = []
    for store in databases:
        days = store.keeping.retention.value
        if store.managed and days is not None and days < _WANTED:
            longer = Setting(None, Source(path=other.path, line=other.line), "other backups may be kept for longer")
            store = store.model_copy(update={"keeping": replace(store.keeping, retention=longer)})
        found.append(store)
    return found


_OTHERS = re.compile(
    rf"{DUMPS.pattern}|\b(?:restic|borg|kopia|wal-g|barman|dbbackup|tarsnap|duplicity)\b|\bbackup:(?:run|clean)\b|"
    r"\bkeep_\w{1,30}_for_\w{1,12}\b"
)


def _lines(code: Code) -> dict[str, list[tuple[Source, str]]]:
    """The lines of scripts and tables of jobs that speak of backups, by file."""
    found: dict[str, list[tuple[Source, str]]] = {}
    for hit in code[BACKUPS].places:
        if is_run(hit.path) and not _EMPTY.search(hit.text):
            found.setdefault(hit.path, []).append((hit, hit.text))
    return found


_EMPTY = re.compile(r"\bpg_dump(?:all)?\b.*\s(?:-s|--schema-only)\b|\b(?:mysql|mariadb-)dump\b.*\s(?:-d|--no-data)\b")
"""A dump of tables without their rows, which is no backup."""


def is_run(path: str) -> bool:
    """Whether the file at *path* is run, or says what is; pages that show how it is done are not."""
    return _RUNS.search(path) is not None and _SHOWN.search(path) is None


_RUNS = re.compile(
    r"\.(?:sh|bash|zsh|ksh|ps1|py|rb|pl|php|js|mjs|ts|go|service|timer|cron|crontab|ya?ml|toml|ini|conf|cfg|nomad|hcl|tf|mk|"
    r"nix|env)(?:\.(?:j2|erb|tpl|tmpl))?$|(^|/)(?:crontabs?|cron\.(?:d|daily|hourly|weekly))(?:/|$)|"
    r"(^|/)[\w.-]*(?:crontab|cron)$|(^|/)(?:[\w.-]*Dockerfile[\w.-]*|Containerfile|Makefile|GNUmakefile|justfile|Jenkinsfile|"
    r"Rakefile|Procfile)$|(^|/)(?:bin|scripts?|ops|sbin|hooks)/[\w-]+$",
    re.IGNORECASE,
)
"""Files that are run, or that say what is: scripts, tables of jobs, units, manifests and pipelines."""
_SHOWN = re.compile(
    r"(^|/)(?:docs?|documentation|wiki|guides?|examples?|samples?|demos?|tutorials?|snippets?|blog|website|"
    r"content|runbooks?)(?:/|$)|\.(?:example|sample|dist)(?:\.|$)",
    re.IGNORECASE,
)
"""Files that show others how it is done."""


def _dumped(name: str, at: Source, made: Sequence[Dump]) -> DataStore:
    """A database, or a way to dump one, that is kept as the worst of *made* keeps it."""
    unknown = Setting(None, at, "nothing is told of it")
    kept = [one.kept for one in made]
    least = kept[0] if len(kept) == 1 else _least(kept)
    keeping = Keeping(
        unknown, least, unknown, unknown, _worst([one.copied for one in made]), _worst([one.sealed for one in made])
    )
    thing = Thing(kinds={"data-stores": "relational"}, address=name, at=at)
    return DataStore(kind="relational", address=name, at=at, thing=thing, keeping=keeping, managed=False)


def _least(answers: list[Setting]) -> Setting:
    """The shortest; one that is not known leaves it open, unless another is known to be shorter than anybody wants."""
    known = [answer for answer in answers if answer.value is not None]
    short = min(known, key=lambda answer: answer.value or 0) if known else None
    if short is not None and (len(known) == len(answers) or (short.value or 0) < _WANTED):
        return short
    return next(answer for answer in answers if answer.value is None)


_WANTED = 30


def _untold(store: DataStore) -> bool:
    keeping = store.keeping
    return all(s.value is None for s in (keeping.backups, keeping.retention, keeping.encrypted)) and not keeping.sealed


def _files(code: Code) -> dict[str, list[_Repository]]:
    """The repositories of each file, by its path, in their order."""
    found: dict[str, dict[str, _Repository]] = {}
    for hit in code[PGBACKREST].places:
        entry = _ENTRY.match(hit.text)
        if entry and not _SHOWN.search(hit.path):
            repository = found.setdefault(hit.path, {}).setdefault(
                entry[1], _Repository(Source(path=hit.path, line=hit.line))
            )
            repository.said[entry[2]] = entry[3].strip("\"'")
    return {path: [repos[name] for name in sorted(repos)] for path, repos in sorted(found.items())}


def _store(name: str, repos: list[_Repository]) -> DataStore:
    at = repos[0].at
    unknown = Setting(None, at, "nothing is told of it")
    sealed = _worst([_sealed(repository) for repository in repos])
    kept = _longest([_kept(repository) for repository in repos])
    keeping = Keeping(unknown, kept, unknown, unknown, _copied(repos), sealed)
    thing = Thing(kinds={"data-stores": "relational"}, address=name, at=at)
    return DataStore(kind="relational", address=name, at=at, thing=thing, keeping=keeping, managed=False)


def _sealed(repository: _Repository) -> Setting:
    cipher = repository.said.get("cipher-type", "none")
    value = None if _COMPUTED.search(cipher) else cipher == "aes-256-cbc"
    return Setting(value, repository.at, f"cipher-type is {cipher}")


def _kept(repository: _Repository) -> Setting:
    full, kind = repository.said.get("retention-full", ""), repository.said.get("retention-full-type", "count")
    days = float(full) if kind == "time" and full.isdecimal() else None
    return Setting(days, repository.at, f"retention-full is {full or 'not set'} by {kind}")


def _copied(repos: list[_Repository]) -> Setting:
    """Copies lie elsewhere where two repositories are in two regions."""
    regions = [repository.said.get("s3-region", "") for repository in repos]
    known = [region for region in regions if region and not _COMPUTED.search(region)]
    if len(set(known)) > 1:
        return Setting(True, repos[1].at, f"its repositories lie in {known[0]} and {known[1]}")
    return Setting(None, repos[0].at, "where its repositories lie is not told")


def _worst(answers: list[Setting]) -> Setting:
    bad = [answer for answer in answers if answer.value is False]
    open_ = [answer for answer in answers if answer.value is None]
    return (bad or open_ or answers)[0]


def _longest(answers: list[Setting]) -> Setting:
    known = [answer for answer in answers if answer.value is not None]
    return max(known, key=lambda answer: answer.value or 0) if known else answers[0]
