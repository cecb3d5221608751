"""Searches history for credentials: every blob that the tree does not hold, and every message."""

from __future__ import annotations

import os
import re
from binascii import unhexlify
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha1, sha256
from pathlib import Path

from ...errors import RepositoryUnreadable
from .. import texts
from ..credentials import ASIDE, MESSAGE, UNREAD, Asked, every, unasked
from ..facts.secrets import LeftOut, RuleSet, SecretHistory
from ..git import Git
from ..scanner.hit import Hit
from ..scanner.ruleset import loaded
from ..tree import FileEntry, entry
from . import refs, walk
from .finds import Finds
from .objects import Content, contents
from .patience import MAX_SECONDS, Patience
from .pieces import parts
from .places import Places, seen_in
from .request import Request

MAX_BLOB = 256_000_000
"""Larger ones are not read at all."""
MAX_BYTES = 60_000_000_000
"""Bytes of all that is read."""
MAX_DEPTH = 20
"""How many tags may lead to each other."""

FULL = "fetch the whole history: `fetch-depth: 0` for actions/checkout, or `git fetch --unshallow`"
UNFILTERED = "clone again without `--filter`, so that every object is here"

_LOST, _BROKEN, _LARGE = "not on this machine", "broken", "too large"
_UNREACHED = "not reached within the bytes and the time that a search may take"
_COMMIT, _TAG = (entry(f"{what} message", 0, kind=MESSAGE) for what in ("commit", "tag"))


def search(request: Request) -> SecretHistory:
    """
    The credentials in everything that the reviewed commit and the refs lead to, but for what the tree has shown.

    A blob is searched once, and judged by the place in all of history where a credential counts most. Whatever was not
    searched is counted, and keeps the answer from being complete where it could have held something that counts.
    """
    return _Search(request).fact()


class _Search:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._git = Git(Path(os.fsdecode(bytes.fromhex(request.folder))))
        self._patience = Patience(MAX_SECONDS)
        self._present = refs.Present()
        self._origins: list[str] = []
        """Commits in the order of the walk, and behind them trees and blobs to which tags lead."""
        self._commits = self._blobs = self._messages = self._size = 0
        self._ruled = self._ruled_size = 0
        self._rules = loaded(datetime.now(UTC).date())
        self._places = Places()
        self._finds = Finds()
        self._left: Counter[tuple[str, bool]] = Counter()
        self._reasons: list[str] = []

    def fact(self) -> SecretHistory:
        if self._request.shallow:
            self._reasons.append("the clone is shallow")
        for step in (self._ask_refs, self._walk, self._walk_tagged, self._read_messages, self._read_blobs):
            self._tried(step)
        left = [
            LeftOut(reason=reason, objects=number, counts=counts)
            for (reason, counts), number in sorted(self._left.items())
            if number
        ]
        said = [f"{out.objects:,} not searched ({out.reason})" for out in left if out.counts]
        reasons = list(dict.fromkeys([*self._reasons, *said]))
        lost = any(out.reason == _LOST for out in left)
        return SecretHistory(
            found=self._finds.first(),
            blobs=self._blobs,
            commits=self._commits,
            complete=not reasons,
            reason="; ".join(reasons),
            total=self._finds.total,
            live=self._finds.live,
            refs=self._present.refs,
            messages=self._messages,
            left_out=tuple(left),
            absent=refs.absent(self._git),
            remedy=FULL if self._request.shallow else UNFILTERED if reasons and lost else "",
            ruleset=RuleSet(**self._rules.about._asdict()),
            ruled=self._ruled,
            size=self._ruled_size,
        )

    def _tried(self, step: Callable[[], None]) -> None:
        """Go one step; what goes wrong with it is a reason why the search is not whole, and others are still gone."""
        try:
            step()
        except RepositoryUnreadable as error:
            if not self._patience.over:
                self._reasons.append(error.what)
        if self._patience.over:
            self._reasons.append(f"it takes longer than {self._patience.seconds:,.0f} s")

    def _ask_refs(self) -> None:
        self._present = refs.present(self._git, self._patience)
        tags = list(self._present.tags)
        for _ in range(MAX_DEPTH):
            if not tags:
                break
            tags = self._read_tags(tags)
        self._left[f"tags behind {MAX_DEPTH} others", True] += len(tags)
        self._left[_LOST, True] += len(self._present.lost)

    def _read_tags(self, names: Sequence[str]) -> list[str]:
        """Search the messages of the tags *names*; the tags to which they lead."""
        known, targets = set(self._present.tags), {}
        for content in contents(self._git, names, self._patience):
            target = _TARGET.match(self._read_message(content, _TAG))
            if target is not None:
                targets[target.group(1).decode("ascii")] = self._present.tags[content.name]
        refs.lead(self._git, targets, self._present, self._patience)
        return [name for name in self._present.tags if name not in known]

    def _walk(self) -> None:
        starts = [self._request.commit, *self._present.commits]
        try:
            self._origins.extend(walk.commits(self._git, starts, self._patience))
        finally:
            self._commits = len(self._origins)
            walk.blobs(self._git, self._origins, self._places, self._patience)

    def _walk_tagged(self) -> None:
        for name, ref in {**self._present.trees, **self._present.blobs}.items():
            self._origins.append(name)
            if name in self._present.blobs:
                self._places.add(unhexlify(name), ref, len(self._origins) - 1)
            else:
                walk.tree(self._git, name, self._places, len(self._origins) - 1, self._patience)

    def _read_messages(self) -> None:
        for content in contents(self._git, self._origins[: self._commits], self._patience):
            self._read_message(content, _COMMIT)

    def _read_message(self, content: Content, file: FileEntry) -> bytes:
        """Search the message of a commit or tag, which must be what its name says, so that none leads to itself."""
        begins, whole = b"", sha1() if len(content.name) == 40 else sha256()
        whole.update(f"{content.kind} {content.size}\0".encode())
        for data, part in parts(content):
            begins = begins or data[:_BEGINS]
            whole.update(data[part.overlap :])
            for found in every(file, data, part, self._rules.scan):
                self._finds.add(found.model_copy(update={"commit": content.name, "object": content.name}))
        content.broken = content.broken or (bool(content.kind) and whole.hexdigest() != content.name)
        self._count(content, True)
        whole_one = not content.broken and bool(content.kind)
        self._messages += whole_one
        self._ruled, self._ruled_size = self._ruled + whole_one, self._ruled_size + content.size
        return begins

    def _read_blobs(self) -> None:
        self._places.forget(seen_in((unhexlify(name), path) for name, path in self._request.tree))
        names = self._in_order()
        for number, content in enumerate(contents(self._git, names, self._patience)):
            if self._size > MAX_BYTES or self._patience.over:
                self._left[_UNREACHED, True] += len(names) - number
                return
            self._read_blob(content)

    def _in_order(self) -> list[str]:
        """
        The blobs to search: those that count first, and as they lie in git's packs, where one is made of the next.
        """
        pending = self._places.weights()
        sure: list[str] = []
        others: list[str] = []
        try:
            words = ("--batch-all-objects", "--unordered", "--batch-check=%(objectname) %(objectsize)")
            with self._git.stream("cat-file", *words, check=True, patience=self._patience.left) as out:
                for line in out:
                    name, _, size = line.rstrip().partition(b" ")
                    weight = pending.pop(unhexlify(name), None)
                    if weight is None:
                        continue
                    if weight >= UNREAD:
                        self._left["lock files, maps and tables", False] += 1
                    elif size.isdigit() and int(size) > MAX_BLOB:
                        self._left[_LARGE, weight < ASIDE] += 1
                    elif size != b"0":
                        (sure if weight < ASIDE else others).append(name.decode("ascii"))
        except RepositoryUnreadable:  # an object is broken, whichever; those that are left are asked for one by one
            rest = sorted((weight, blob.hex()) for blob, weight in pending.items())
            return [*sure, *others, *(name for weight, name in rest if weight < UNREAD)]
        for weight in pending.values():
            self._left[_LOST, weight < ASIDE] += 1
        return [*sure, *others]

    def _read_blob(self, content: Content) -> None:
        """Search one blob as each of its places asks for it."""
        places = [place for place in self._places.of(unhexlify(content.name)) if place.weight < UNREAD]
        counts = places[0].weight < ASIDE
        if content.size > MAX_BLOB:
            self._left[_LARGE, counts] += 1
            return
        first = True
        for data, part in parts(content):
            if first:
                places = [place for place in places if texts.is_text(place.path, data)]
                if not places:
                    self._left["images, archives, programs and their like", False] += 1
                    return
                if data.startswith(texts.LFS):
                    self._left["in Git LFS and not here", counts] += 1
                    return
            first = False
            hits = self._hits(data) if counts else unasked
            for place in places:
                for found in every(_file(place.path), data, part, hits):
                    origin = {"commit": self._origins[place.commit], "object": content.name}
                    self._finds.add(found.model_copy(update=origin))
        self._count(content, counts)
        read = not content.broken and bool(content.kind)
        self._blobs += read
        if counts and read:
            self._ruled, self._ruled_size = self._ruled + 1, self._ruled_size + content.size

    def _hits(self, data: bytes) -> Asked:
        """The rules, which read *data* once for all its places; in what counts for nothing they are not asked."""
        found: Sequence[Hit] | None = None

        def asked(text: bytes) -> Sequence[Hit]:
            nonlocal found
            if text is not data:
                return self._rules.scan(text)
            if found is None:
                found = self._rules.scan(data)
            return found

        return asked

    def _count(self, content: Content, counts: bool) -> None:
        """Note that *content* has been read, or why it has not."""
        self._size += content.size
        if content.broken:
            self._left[_BROKEN, counts] += 1
        elif not content.kind:
            self._left[_LOST, counts] += 1


@lru_cache(maxsize=20_000)
def _file(path: str) -> FileEntry:
    return entry(path, 0)


_BEGINS = 200
_TARGET = re.compile(rb"object ([0-9a-f]{40,64})\n")
