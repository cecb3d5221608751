"""An executor whose jobs are done in another process, which shares nothing with the run but two pipes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from orchestrator.contract.agent import Agent
from orchestrator.domain.model import Model
from orchestrator.engine import installed
from orchestrator.engine.conversation import Conversation
from orchestrator.engine.doorkeeper import Doorkeeper
from orchestrator.engine.executor import LocalExecutor, Lost
from orchestrator.engine.job import Job
from orchestrator.engine.remote import Doing, answer
from orchestrator.engine.task import NodeResult
from orchestrator.engine.wire import MOST, meant, written
from orchestrator.journal.event import canonical, digest

T = TypeVar("T")
ROOT = Path(__file__).parents[2]


class JsonLine:
    """
    A line for one job, over a pipe that carries those of several: each message is a line of JSON with the job's key.

    Args:
        key: Of the job.
        pipe: Where messages go.
    """

    def __init__(self, key: str, pipe: asyncio.StreamWriter) -> None:
        self._key = key
        self._pipe = pipe
        self.inbox: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def say(self, message: Model) -> None:
        said = written(message)
        self._pipe.write(b'{"job":%b,"said":%b}\n' % (json.dumps(self._key).encode(), said))
        await self._pipe.drain()

    async def hear(self, messages: TypeAdapter[T]) -> T | None:
        said = await self.inbox.get()
        return None if said is None else meant(said, messages)


class PipedExecutor(LocalExecutor):
    """
    Hands jobs to a process that was begun anew, and knows of the run only what it asks for.

    It is begun with the first job, and again with the first one after it was lost.

    Args:
        keeper: The run's doorways.
        deeds: ``module:name`` of work that takes the place of real agents, for tests of the seam alone.
        folder: Where ``module`` lies.
        agents: Agents that are not installed, as ``module:Class``.
    """

    name = "in another process"

    def __init__(self, keeper: Doorkeeper, deeds: str = "", folder: str = "", agents: tuple[str, ...] = ()) -> None:
        super().__init__(self._given)
        self._keeper = keeper
        self._words = (deeds, folder, *agents)
        self._lines: dict[str, JsonLine] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()
        self.pids: list[int] = []
        """Of every process that was begun, the latest last."""

    async def close(self) -> None:
        await super().close()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        if self._hearing is not None:
            await self._hearing

    async def _given(self, job: Job) -> NodeResult:
        pipe = await self._pipe()
        line = self._lines[job.key] = JsonLine(job.key, pipe)
        try:
            pipe.write(b'{"job":%b,"do":%b}\n' % (json.dumps(job.key).encode(), job.data()))
            return await Conversation(line, self._keeper.at(job.key)).result(self._lost())
        except ConnectionError:
            raise Lost("its process has closed the pipe") from None
        except asyncio.CancelledError:
            pipe.write(b'{"job":%b,"drop":true}\n' % json.dumps(job.key).encode())
            raise
        finally:
            self._lines.pop(job.key, None)

    async def _lost(self) -> NodeResult:
        process = self._process
        assert process is not None  # it was begun before anything was said
        code = await process.wait()
        raise Lost(f"its process ended with {f'signal {-code}' if code < 0 else f'exit code {code}'}")

    async def _pipe(self) -> asyncio.StreamWriter:
        async with self._beginning:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "tests.engine.piped", *self._words),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=MOST + 1_000,
                    cwd=ROOT,
                )
                self.pids.append(self._process.pid)
                self._hearing = asyncio.create_task(self._hear(self._process))
        assert self._process.stdin is not None  # it was asked for
        return self._process.stdin

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # it was asked for
        while said := await process.stdout.readline():
            message = json.loads(said)
            if message["job"] in self._lines:  # else it comes late, and is not heard
                self._lines[message["job"]].inbox.put_nowait(canonical(message["said"]))
        for line in self._lines.values():
            line.inbox.put_nowait(None)


class _Station:
    """The other process: does jobs as they come, several at once, until the pipe is closed."""

    def __init__(self, doing: Doing, said: asyncio.StreamWriter) -> None:
        self._doing = doing
        self._said = said
        self._going: dict[str, tuple[JsonLine, asyncio.Task[None]]] = {}

    async def serve(self, heard: asyncio.StreamReader) -> None:
        while line := await heard.readline():
            message = json.loads(line)
            key = message["job"]
            if "do" in message:
                job = Job.read(canonical(message["do"]))
                to_run = JsonLine(key, self._said)
                going = asyncio.create_task(answer(to_run, self._doing, job))
                going.add_done_callback(lambda _, key=key: self._going.pop(key, None))  # type: ignore[misc]  # mypy cannot infer it
                self._going[key] = to_run, going
            elif key in self._going:
                to_run, going = self._going[key]
                if "drop" in message:
                    going.cancel()
                else:
                    to_run.inbox.put_nowait(canonical(message["said"]))


def station(deeds: str, folder: str, agents: list[str]) -> Doing:
    """Does jobs with the agents that are installed where it runs, or by *deeds*."""
    if deeds:
        sys.path.insert(0, folder or str(ROOT))
        module, _, name = deeds.partition(":")
        doing: Doing = getattr(__import__(module, fromlist=[name]), name)
        return doing
    from orchestrator.engine.job_work import JobWork
    from orchestrator.llm import prompts as prompting
    from orchestrator.planning import roster

    known = roster.load(agents, Path(folder) if folder else None)
    return JobWork(known, made_of(known), prompting.load())


def made_of(agents: Mapping[str, type[Agent]]) -> dict[str, str]:
    """What this process is made of, as a manifest has it."""
    from orchestrator.llm import prompts as prompting
    from orchestrator.planning import roster

    sources = [(name, digest(data)) for name, data in roster.sources(agents.values())]
    prompts = [(name, digest(text.encode())) for name, text in prompting.shipped().items()]
    return {
        "agents": digest(canonical(sources)),
        "gonogo": installed.house(),
        "prompts": digest(canonical(prompts)),
    }


async def main(words: list[str]) -> None:
    """Serve over the standard streams; what agents print goes nowhere."""
    to_run, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    loop = asyncio.get_running_loop()
    heard = asyncio.StreamReader(limit=MOST + 1_000)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.streams.FlowControlMixin(loop), os.fdopen(to_run, "wb")
    )
    said = asyncio.StreamWriter(transport, protocol, None, loop)
    await _Station(station(words[0], words[1], words[2:]), said).serve(heard)
    os.kill(os.getpid(), signal.SIGKILL)  # the run is no more; whatever is at work here is nobody's


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
