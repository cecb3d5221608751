"""Gathers the words of people from wherever they stand, with what shows whose they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..domain.criterion import Catalogue, Severity
from ..domain.person import Word
from ..domain.said import SaidWord, WordsFile
from ..errors import ConfigError
from ..evidence import borders
from ..evidence.belonging import belongs
from ..evidence.git import Git
from ..formats.model import read_model
from ..host import files
from ..identities import Known, Speaker
from ..rules import Backing, Heap

MAX_PROOF = 100_000_000
"""Bytes of a file that is handed in with a word."""
_ALIAS = re.compile(rb"(?:^|[\s\[{,])[*&][\w-]", re.MULTILINE)
"""What lets an entry of a YAML file stand for lines elsewhere in it."""
_SIGNED = re.compile(rb"^gpgsig (.*(?:\n .*)*)\n", re.MULTILINE)


def parse_words(data: bytes, path: str, reviewed: Path, git: Git | None) -> Heap:
    """
    The words of a file that was handed in.

    Raises:
        ConfigError: It is no such file.
    """
    said, parsed = read_model(WordsFile, data, path, ConfigError)
    own = belongs(Path(path), reviewed, git)
    return Heap(said, path, parsed, proof(Path(path).parent, reviewed, git), Backing() if own else None)


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
