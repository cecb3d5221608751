"""Asks git, hardened against the repository that it reads."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

from ..errors import RepositoryUnreadable
from ..host.stopping import forget, registered, undivided

TIMEOUT = 120.0
"""Seconds for one command that is not streamed."""
STREAM_TIMEOUT = 300.0
"""Seconds for one that is: a pipe in the place of an object would otherwise be waited for without end."""

_SWITCHES = (
    "-c", "core.fsmonitor=false",
    "-c", "core.commitGraph=false",
    "-c", "core.multiPackIndex=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.attributesFile=/dev/null",
    "-c", "core.excludesFile=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "core.pager=cat",
    "-c", "core.bigFileThreshold=32m",
    "-c", "diff.external=",
    "-c", "diff.orderFile=/dev/null",
    "-c", "log.mailmap=false",
    "-c", "protocol.allow=never",
    "-c", "safe.directory=*",
    "-c", "gc.auto=0",
    "-c", "submodule.recurse=false",
    "-c", "log.showSignature=false",
)  # fmt: skip


def _environment() -> dict[str, str]:
    """Nothing of the user's but the way to git itself: no configuration, no prompts, no network, no lazy fetching."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
    }


class Git:
    """
    Runs git's plumbing on one repository.

    Args:
        folder: A working tree, or a bare repository.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """
        Run one command to its end.

        Raises:
            RepositoryUnreadable: It failed (with *check*), timed out, or git is not installed.
        """
        try:
            with _begun(self._command(words), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                out, said = process.communicate(timeout=TIMEOUT)
        except FileNotFoundError:
            raise RepositoryUnreadable("git is not installed", remedy="install git") from None
        except subprocess.TimeoutExpired:
            raise RepositoryUnreadable(f"`git {words[0]}` took over {TIMEOUT:.0f} s", where=str(self.folder)) from None
        done = subprocess.CompletedProcess(process.args, process.returncode, out, said)
        if check and done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise RepositoryUnreadable(
                f"`git {words[0]}` failed: {lines[0] if lines else f'exit {done.returncode}'}", where=str(self.folder)
            )
        return done

    def text(self, *words: str, check: bool = True) -> str:
        """What one command prints, trimmed."""
        return self.run(*words, check=check).stdout.decode("utf-8", "replace").strip()

    def objects(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Each object of *names* that is there, in order, through one process; missing ones are left out."""
        with self.stream("cat-file", "--batch", "--buffer", names=names) as out:
            for _ in names:
                header = out.readline()
                if not header:
                    raise RepositoryUnreadable("`git cat-file` ended early", where=str(self.folder))
                parts = header.split()
                if len(parts) != 3 or not parts[2].isdigit():
                    continue
                size = int(parts[2])
                data = out.read(size)
                if len(data) != size or out.read(1) != b"\n":
                    raise RepositoryUnreadable("`git cat-file` ended early", where=str(self.folder))
                yield parts[0].decode("ascii"), data

    @contextmanager
    def stream(
        self, *words: str, names: Iterable[str] = (), check: bool = False, patience: float = STREAM_TIMEOUT
    ) -> Iterator[IO[bytes]]:
        """
        The output of a command as it comes, with *names* on its standard input; it is ended on the way out.

        After *patience* seconds the command is ended as well.

        Raises:
            RepositoryUnreadable: With *check*, its output was read to the end, and it failed or took too long.
        """
        with tempfile.TemporaryFile() as asked:
            asked.writelines(name.encode("utf-8", "surrogateescape") + b"\n" for name in names)
            asked.seek(0)
            with _begun(self._command(words), stdin=asked, stderr=subprocess.DEVNULL, bufsize=1 << 20) as process:
                assert process.stdout is not None  # PIPE was asked for
                timer = threading.Timer(patience, _end, [process])
                timer.daemon = True
                timer.start()
                try:
                    yield process.stdout
                    failed = check and process.stdout.read(1) == b"" and process.wait() != 0
                finally:
                    timer.cancel()
        if failed:
            raise RepositoryUnreadable(f"`git {words[0]}` ended early", where=str(self.folder))

    def _command(self, words: Sequence[str]) -> list[str]:
        return ["git", "-C", str(self.folder), *_SWITCHES, *words]


@contextmanager
def _begun(command: Sequence[str], **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process of git, in a group of its own that is ended on the way out, and when this process is left."""
    with undivided:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=_environment(), process_group=0, **how)
        token = registered(partial(_end, process))
    try:
        yield process
    finally:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        _end(process)
        process.wait()
        forget(token)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Have the group of *process* killed, unless it has come to its end."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
