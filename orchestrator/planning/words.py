"""Gathers the words of people from wherever they stand, with what shows whose they are."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from .. import config as configuration
from ..config import ConfigFile
from ..domain.criterion import Catalogue, Severity
from ..domain.dismissal import Spot
from ..domain.person import Word
from ..domain.release import Release
from ..domain.said import SaidWord, WordsFile
from ..errors import ConfigError
from ..evidence import borders
from ..evidence.belonging import belongs
from ..evidence.git import Git
from ..evidence.snapshot import Snapshot
from ..formats.model import read_model
from ..host import files
from ..identities import Known, Speaker
from ..rules import Backing, Heap
from .named import is_trees, read_named

MAX_PROOF = 100_000_000
"""Bytes of a file that is handed in with a word."""
_ALIAS = re.compile(rb"(?:^|[\s\[{,])[*&][\w-]", re.MULTILINE)
"""What lets an entry of a YAML file stand for lines elsewhere in it."""
_SIGNED = re.compile(rb"^gpgsig (.*(?:\n .*)*)\n", re.MULTILINE)


def heaps(
    names: Sequence[str], reviewed: Path, snapshot: Snapshot, config: ConfigFile, data: bytes, known: Known
) -> tuple[list[Heap], bytes]:
    """
    The words of the configuration and of every file that was handed in, and what those files hold.

    Args:
        names: Of the files.
        reviewed: The folder under review.
        snapshot: What is reviewed.
        config: The configuration.
        data: Its bytes.
        known: Whose signatures count.

    Raises:
        ConfigError: A file cannot be read, or is no such file.
    """
    git, folder = snapshot.git, reviewed if config.own else Path(config.path).parent
    digest = digests(snapshot)
    backing = _backing(snapshot, data, known) if config.own else None
    found = [Heap(config.config, config.path, config.parsed, proof(folder, reviewed, git), backing, digest)]
    read = [(name, read_named(name, reviewed, ConfigError)) for name in names]
    for name, held in read:
        said, parsed = read_model(WordsFile, held, name, ConfigError)
        tree = Backing() if is_trees(name, reviewed, git) else None
        found.append(Heap(said, name, parsed, proof(Path(name).parent, reviewed, git), tree, digest))
    return found, b"\0".join(held for _, held in read)


def _backing(snapshot: Snapshot, data: bytes, known: Known) -> Backing:
    """What confirms words of the reviewed tree's own configuration: a base that was named from outside, and commits."""
    git, release = snapshot.git, snapshot.release
    if git is None:
        return Backing()
    base = _of_base(git, release) if release.base is not None and release.base.chosen == "given" else frozenset()
    if release.source != "git":
        return Backing(base)
    return Backing(base, signers(git, release.commit, configuration.FILE_NAME, data, known))


def _of_base(git: Git, release: Release) -> frozenset[str]:
    """The digests of the words that the base has; of one that cannot be read it has none."""
    assert release.base is not None  # asked for where there is one
    shown = git.run("cat-file", "blob", f"{release.base.commit}:{configuration.FILE_NAME}", check=False)
    if shown.returncode or len(shown.stdout) > configuration.MAX_BYTES:
        return frozenset()
    try:
        said = configuration.parse(shown.stdout).config
    except ConfigError:
        return frozenset()
    waived = [word.digest("waiver", release.name) for word in said.waivers]
    return frozenset([*waived, *(word.digest("attestation", release.name) for word in said.attestations)])


def digests(snapshot: Snapshot) -> Callable[[Spot], str]:
    """What tells the bytes of a file of *snapshot*, or of what a commit of its history holds."""

    @functools.cache
    def digest(path: str, commit: str) -> str:
        if commit:
            return _in_history(snapshot, path, commit)
        wanted = [file for file in snapshot.tree.entries if file.path == path and file.kind == "file"]
        return next((hashlib.sha256(data).hexdigest() for _, data in snapshot.tree.read(wanted)), "")

    return lambda spot: digest(spot.path, spot.commit)


def _in_history(snapshot: Snapshot, path: str, commit: str) -> str:
    shown = snapshot.git.run("cat-file", "blob", f"{commit}:{path}", check=False) if snapshot.git else None
    return "" if shown is None or shown.returncode else hashlib.sha256(shown.stdout).hexdigest()


def proof(folder: Path, reviewed: Path, git: Git | None) -> Callable[[SaidWord], str]:
    """What holds the files that words of *folder* hand in to their digests; none of them is the reviewed tree's."""

    def fault(said: SaidWord) -> str:
        file = folder / said.file
        if files.crossing(file, borders.home(reviewed)) or belongs(file, reviewed, git):
            return f"'{said.file}' lies in the reviewed repository, which cannot vouch for itself"
        try:
            data = files.read(file, MAX_PROOF)
        except OSError as error:
            return f"'{said.file}' cannot be read: {error.strerror}"
        if hashlib.sha256(data).hexdigest() != said.sha256.lower():
            return f"'{said.file}' is not the file with that digest"
        return ""

    return fault


def signers(git: Git, commit: str, path: str, data: bytes, known: Known) -> Callable[[int, int], Speaker]:
    """
    What says who signed the commits that lines of a file come from.

    Args:
        git: The reviewed repository.
        commit: What is reviewed.
        path: Of the file in it.
        data: The file; where its entries can stand for lines elsewhere, nobody has signed them.
        known: Whose signatures count.
    """

    def signer(first: int, last: int) -> Speaker:
        if _ALIAS.search(data):
            return Speaker("")
        lines = f"{first},{last}" if last else f"{first},"
        said = git.run("blame", "--porcelain", "-L", lines, commit, "--", path, check=False)
        names = sorted(set(re.findall(rb"^([0-9a-f]{40,64}) \d+ \d+", said.stdout, re.MULTILINE)))
        people = {_signed(body, known).person for _, body in git.objects([name.decode() for name in names])}
        return Speaker(people.pop(), "commit") if not said.returncode and len(people) == 1 else Speaker("")

    return signer


def _signed(body: bytes, known: Known) -> Speaker:
    found = _SIGNED.search(body.partition(b"\n\n")[0] + b"\n")
    if found is None:
        return Speaker("")
    armoured = found[1].replace(b"\n ", b"\n").decode("ascii", "replace")
    return known.by_commit(body.replace(found[0], b"", 1), armoured)


def changed(
    git: Git | None, base: str, commit: str, words: Iterable[Word], catalogue: Catalogue, known: Known
) -> dict[str, tuple[str, ...]]:
    """
    Person to the files that he changed since *base*, for those who speak of critical criteria.

    Without a base it is whatever he ever changed.
    """
    wanted = {word.person for word in words if catalogue[word.criterion].severity is Severity.CRITICAL}
    if git is None or not commit or not wanted:
        return {}
    found: dict[str, set[str]] = {}
    for authors, paths in _commits(git, f"{base}..{commit}" if base else commit):
        for person in {known.people.by_address(address) for address in authors} & wanted:
            found.setdefault(person, set()).update(paths)
    return {person: tuple(sorted(found[person])) for person in sorted(found)}


def _commits(git: Git, span: str) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Author and committer of each commit of *span*, and the files that it changed."""
    said = git.run("log", "-m", "--no-renames", "--name-only", "-z", "--format=%x01%ae%x02%ce%x02", span, "--")
    for part in said.stdout.split(b"\x01")[1:]:
        author, committer, rest = part.split(b"\x02", 2)
        paths = [path.decode("utf-8", "surrogateescape").strip("\n") for path in rest.split(b"\0")]
        yield (author.decode("utf-8", "replace"), committer.decode("utf-8", "replace")), [p for p in paths if p]
