"""A text is tried out before it is parsed: what it would bring down is a process that nobody misses."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from orchestrator.commands.review import review
from orchestrator.evidence import apart, trial
from orchestrator.evidence.inforce.code import judge_of
from orchestrator.evidence.inforce.code.grammars import GRAMMARS
from orchestrator.evidence.scanner import apart as scanner
from orchestrator.evidence.trial import TRIAL, Trial
from orchestrator.planning.plan import Request
from tests.cli.command import confined, judged
from tests.repositories import SHOP, write

JAVA = ("tree_sitter_java", "language")
ROOT = Path(__file__).parents[2]
PATIENCE = 30
HOSTILE = b"a:b?c;" * 16_000
"""Nearly a hundred thousand bytes, of which the parser makes more than three billion."""
WORST = {
    "java": b"a:b?c;",
    "kotlin": b"... >:,",
    "ruby": b"match{}_ ;",
    "scala": b"a<b,",
    "typescript": b"a<b,",
    "tsx": b"a<b,",
}
"""What makes a parser take much of what it is given."""


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """Leaves no process to the next test."""
    yield
    TRIAL.end()


@pytest.fixture
def own() -> Iterator[Trial]:
    """A process that no other test has to do with."""
    own = Trial()
    yield own
    own.end()


def big(line: str) -> bytes:
    """A real program that is longer than what is parsed untried, with *line* at its end."""
    methods = "".join(f"  int at{n}(int a) {{ return a > {n} ? a : {n}; }}\n" for n in range(100))
    return f"class Shop {{\n{methods}  void save() {{ {line} }}\n}}\n".encode()


def child_of(own: Trial) -> psutil.Process:
    assert own._process is not None
    return psutil.Process(own._process.pid)


class TestWhatIsSaid:
    @pytest.mark.parametrize("language", WORST)
    def test_too_much_memory(self, own, language):
        """
        A text that the parser of its language could not bear is named as such, in good time.
        """
        data = WORST[language] * (100_000 // len(WORST[language]))
        grammar = GRAMMARS[language]

        assert "takes too much memory to parse" == own.why_not(data, grammar.module, grammar.entry)

    def test_too_long(self, own, monkeypatch):
        """
        One that takes more computing than any file needs is given up; here it has no second.
        """
        monkeypatch.setattr(apart, "command", lambda name: _impatient())

        assert "takes too long to parse" == own.why_not(HOSTILE, *JAVA)

    @pytest.mark.parametrize("line", ["", "}}} (((", "a:b?c;" * 300])
    def test_what_can_be_borne(self, own, line):
        """
        Real programs may be parsed, mistaken or not, and so may one that is hard within bounds.
        """
        assert not own.why_not(big(line), *JAVA)

    def test_too_hard_is_for_the_parser_to_say(self, own):
        """
        Where the parser gives up by itself there is nothing to fear from it.
        """
        assert not own.why_not(b"a = '" + b"1}" * 9_000, "tree_sitter_scala", "language")

    @pytest.mark.parametrize(
        ("module", "harmless"), [("tree_sitter_java", 2_000), ("tree_sitter_rust", 4_500), ("tree_sitter_go", 7_000)]
    )
    def test_short_ones_are_not_tried(self, own, module, harmless):
        """
        No process is begun for what no parser can make much of; one byte more, and there is one.
        """
        assert not own.why_not(b" " * harmless, module, "language")
        assert own._process is None
        assert not own.why_not(b" " * (harmless + 1), module, "language")
        assert own._process is not None

    def test_no_process_to_be_had(self, own, monkeypatch):
        """
        On a system without forks, and where a process cannot be begun, what is longer cannot be told.
        """
        monkeypatch.setattr(apart, "command", lambda name: ["/nonexistent/python"])
        assert "was not tried out, since the process for it ended" == own.why_not(HOSTILE, *JAVA)
        monkeypatch.delattr(os, "fork")

        assert own.why_not(HOSTILE, *JAVA).startswith("is longer than 2,000 bytes, which takes a process")
        assert not own.why_not(b" " * 2_000, *JAVA)


def _impatient() -> list[str]:
    start = "import sys; sys.path.insert(0, sys.argv[1]); import orchestrator.evidence.trial as t; t.SECONDS = 0"
    return [sys.executable, "-c", f"{start}; t.MEMORY *= 16; t.main()", str(ROOT)]


def _bearing_one() -> list[str]:
    start = "import os, sys; sys.path.insert(0, sys.argv[1]); import orchestrator.evidence.trial as t; borne = []"
    once = "t.parsed = lambda *_: os._exit(1) if borne else borne.append(1)"
    return [sys.executable, "-c", f"{start}; {once}; t.main()", str(ROOT)]


class TestItsEnd:
    def test_begun_again_when_it_was_killed(self, own):
        """
        A process that somebody ends takes at most one file with it.
        """
        assert not own.why_not(big(""), *JAVA)
        child = child_of(own)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(PATIENCE)

        assert "was not tried out, since the process for it ended" == own.why_not(big(""), *JAVA)
        assert not own.why_not(big(""), *JAVA)
        assert child != child_of(own)

    def test_goes_on_after_a_hostile_file(self, own):
        """
        What a file brings down is a fork; the process tries out the next one.
        """
        assert not own.why_not(big(""), *JAVA)
        child = child_of(own)

        assert own.why_not(HOSTILE, *JAVA)
        assert not own.why_not(big(""), *JAVA)
        assert child == child_of(own)

    def test_a_fork_is_used_again_while_it_bears_what_it_is_given(self, own):
        """
        One after the other is tried out in the same fork, and after a hostile one in another.
        """
        assert not own.why_not(big(""), *JAVA)
        (fork,) = child_of(own).children()
        assert not own.why_not(big("a:b?c;"), *JAVA)
        assert [fork] == child_of(own).children()

        assert "takes too much memory to parse" == own.why_not(HOSTILE, *JAVA)
        assert not own.why_not(big(""), *JAVA)
        assert [fork] != child_of(own).children()

    def test_what_came_before_is_not_held_against_a_text(self, own, monkeypatch):
        """
        A fork that breaks down at its second text has no say about it: a fresh one has.
        """
        monkeypatch.setattr(apart, "command", lambda name: _bearing_one())

        assert ["", "", ""] == [own.why_not(big(""), *JAVA) for _ in range(3)]

    def test_nothing_is_left(self, own):
        """
        It ends when it is told to, and may be told so again.
        """
        own.why_not(big(""), *JAVA)
        child = child_of(own)
        own.end()
        own.end()

        assert not child.is_running()

    def test_ends_with_whoever_began_it(self):
        """
        Nothing outlives a process that was killed, not even what is at work.
        """
        start = "import sys; from orchestrator.evidence.trial import TRIAL as t; t.why_not(b' ' * 9999, *sys.argv[1:])"
        begin = f"{start}; print(t._process.pid, flush=True); t.why_not(sys.stdin.buffer.read(), *sys.argv[1:])"
        with subprocess.Popen(
            [sys.executable, "-c", begin, "tree_sitter_kotlin", "language"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as asking:
            assert asking.stdin is not None
            assert asking.stdout is not None
            child = psutil.Process(int(asking.stdout.readline()))
            asking.stdin.write(b"... >:," * 10_000)
            asking.stdin.close()
            while not child.children():
                assert asking.poll() is None
            working = child.children()
            asking.send_signal(signal.SIGKILL)
        _, left = psutil.wait_procs([child, *working], PATIENCE)

        assert [] == left

    def test_a_fork_has_its_own(self, own):
        """
        A process that was forked leaves that of the other alone, and begins one for itself.
        """
        assert not own.why_not(big(""), *JAVA)
        child = child_of(own)
        pid = os.fork()
        if pid == 0:
            right = not own.why_not(big(""), *JAVA) and child_of(own) != child
            own.end()
            os._exit(0 if right else 1)

        assert 0 == os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert child.is_running()
        assert not own.why_not(big(""), *JAVA)


class TestJudging:
    def test_a_big_file_is_judged(self):
        """
        What stands in a real program is in force, or void, whatever its size.
        """
        program = big("audit.record(1); return; audit.record(2);")

        judge = judge_of(program, "Shop.java", "java")
        first, last = program.index(b"audit.record(1)"), program.index(b"audit.record(2)")
        assert judge.judge(first, first + 12)
        assert judge.judge(last, last + 12).is_void

    def test_a_hostile_one_cannot_be_told(self):
        """
        It says why, and the process is still there to say it.
        """
        force = judge_of(HOSTILE, "Shop.java", "java").judge(0, 1)

        assert "cannot be told to run, since the file takes too much memory to parse" == force.reason
        assert not force.is_void

    def test_a_review_survives(self, tmp_path):
        """
        A review of a tree that holds one ends as any other, in less memory than it would take to parse it.
        """
        hostile = 'class Shop { void login() { auditLog.record("login", user); } }\n' + ("a:b?c;" * 10 + "\n") * 1_600
        write(tmp_path / "shop", {**SHOP, "src/main/java/Shop.java": hostile})

        assert judged(confined(tmp_path, "review", "shop", "--format", "json", "--progress", "none"))


def test_bounds_are_never_widened():
    """
    Where this process may have less itself, so may the one that tries out.
    """
    kept = resource.getrlimit(resource.RLIMIT_CORE)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (5, 9))
            trial._bound(resource.RLIMIT_CORE, 7)
            code = 0 if resource.getrlimit(resource.RLIMIT_CORE) == (5, 9) else 2
            trial._bound(resource.RLIMIT_CORE, 4)
            code = code if resource.getrlimit(resource.RLIMIT_CORE) == (4, 9) else 3
        finally:
            os._exit(code)

    assert 0 == os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert kept == resource.getrlimit(resource.RLIMIT_CORE)


def test_the_one_of_this_process_ends_with_it():
    """
    Whoever has begun it, the exit of the process sees to its end.
    """
    start = "from orchestrator.evidence.trial import TRIAL as t; t.why_not(b' ' * 9999, 'tree_sitter_java', 'language')"
    done = subprocess.run(
        [sys.executable, "-Wd", "-c", f"{start}; print(t._process.pid)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )

    assert "" == done.stderr
    assert not psutil.pid_exists(int(done.stdout))


def test_and_with_the_pass_that_needed_it(tmp_path, monkeypatch):
    """
    Once a tree is read there is nothing to try out, and nothing to ask the rules of others for.
    """
    begun: list[subprocess.Popen[bytes]] = []
    begin = apart.begun

    def noted(module: str) -> subprocess.Popen[bytes]:
        begun.append(begin(module))
        return begun[-1]

    for left in (scanner.SCANNING, TRIAL):
        left.end()  # what an earlier test of this process has begun
    monkeypatch.setattr(apart, "begun", noted)
    monkeypatch.setattr(scanner, "begun", noted)
    write(tmp_path / "shop", {**SHOP, "src/main/java/Shop.java": big('auditLog.record("login", user);')})

    asyncio.run(review(Request(path=str(tmp_path / "shop")), tmp_path / "runs", sync=False))
    assert [True, True] == [process.returncode is not None for process in begun]
