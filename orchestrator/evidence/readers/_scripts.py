"""Follows commands that call a script, a target or a task of the tree to the commands that these run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ...domain.fact import Aside
from ...errors import FormatError
from ...formats.json import load_json
from ...formats.yaml import load_all
from ..asides import Asides
from ..facts.files import Files
from ..facts.pipelines import CiCommand
from ..inforce import makefiles, rehearsals
from ..inforce.shell import Manner, plain, read
from ..inforce.shell.walk import joined
from ..tree import FileEntry, SourceFile
from .ci._running import matters

MAX_BYTES = 200_000
"""Of one script; a longer one is not followed."""
MAX_IN_ALL = 8_000_000
MAX_DEPTH = 6
MAX_COMMANDS = 150
"""Of one step, in scripts."""
_MAX_TARGETS = 300
MAX_FOLLOWED = 4_000
_MAKEFILE = re.compile(r"(?:GNU)?[Mm]akefile(?:\.[\w-]+)*|.*\.mk|make\.inc")
_SHELL_SUFFIXES = (".sh", ".bash", ".bats", ".ksh", ".zsh")
_TASKFILE = re.compile(r"[Tt]askfile(?:\.dist)?\.ya?ml")
_JUSTFILE = re.compile(r"\.?[Jj]ustfile|.*\.just")
_INTERPRETERS = frozenset(
    {
        "python",
        "python3",
        "node",
        "ruby",
        "perl",
        "php",
        "pwsh",
        "powershell",
        "deno",
        "tsx",
        "ts-node",
        "rscript",
        "bun",
    }
)
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ash", "source", "."})
_PREFIXES = frozenset(
    {"sudo", "env", "time", "nice", "nohup", "exec", "command", "xvfb-run", "retry", "dotenv", "stdbuf"}
)
_NODE = frozenset({"npm", "pnpm", "yarn", "bun"})
_BUILT_IN = frozenset(
    [
        *(
            "ci",
            "install",
            "i",
            "add",
            "publish",
            "audit",
            "version",
            "pack",
            "exec",
            "dlx",
            "dedupe",
            "config",
            "link",
        ),
        *(
            "login",
            "init",
            "cache",
            "set-version",
            "whoami",
            "view",
            "info",
            "create",
            "x",
            "why",
            "outdated",
            "update",
        ),
        *("up", "remove", "global", "plugin", "import", "patch", "rebuild", "prune", "store", "env", "setup", "node"),
        *("workspaces", "unlink", "policies", "constraints", "stage"),
    ]
)

_LIFE = ("test", "start", "stop", "restart")
_EVERYWHERE = frozenset(
    {"-r", "--recursive", "--workspaces", "-ws", "--filter", "-F", "--workspace", "-w", "workspaces"}
)


@dataclass
class Scripts:
    """The texts of what commands can call, kept within bounds until the pipelines are known."""

    _texts: dict[str, str] = field(default_factory=dict)
    _size: int = 0
    _makes: dict[str, makefiles.Makefile] = field(default_factory=dict)
    _packages: dict[str, dict[str, str]] = field(default_factory=dict)
    _followed: int = 0
    _noted: set[Aside] = field(default_factory=set)
    _paths: frozenset[str] = frozenset()

    @staticmethod
    def wants(file: FileEntry) -> bool:
        """Whether *file* can hold commands that are called."""
        name = file.name
        if file.role == "vendored" or file.size > MAX_BYTES:
            return False
        if name in ("package.json", "composer.json") and (file.role == "example" or file.is_set_aside):
            return False  # its scripts are called without a path, and may be another's of the same name
        return (
            name.endswith(_SHELL_SUFFIXES)
            or name in ("package.json", "composer.json")
            or (("akefile" in name or name.endswith((".mk", ".inc"))) and _MAKEFILE.fullmatch(name) is not None)
            or _TASKFILE.fullmatch(name) is not None
            or _JUSTFILE.fullmatch(name) is not None
            or (
                (not file.suffix and file.language in ("shell", ""))
                and re.search(
                    r"(^|/)(?:scripts?|bin|ci|tools|hack|build|\.ci|dev|\.github|\.circleci|\.buildkite|\.gitlab)/",
                    file.path,
                )
                is not None
            )
        )

    def take(self, source: SourceFile) -> None:
        """Keep *source*, while there is room."""
        if self._size + len(source.data) > MAX_IN_ALL:
            return
        plain_name = not source.file.suffix and not re.search(
            r"[MJT](?:ake|ust|ask)file", source.file.name, re.IGNORECASE
        )
        if plain_name and not re.match(rb"#!.*\b(?:ba|da|z|k|a)?sh\b", source.data[:200]):
            return
        self._size += len(source.data)
        self._texts[source.path] = source.text

    def follow(self, commands: Sequence[CiCommand], files: Files, where: str, idle: Asides) -> tuple[CiCommand, ...]:
        """*commands*, each that calls something of the tree with what that runs behind it."""
        if not self._paths:
            self._paths = frozenset(entry.path for entry in files.entries)
        told: list[CiCommand] = []
        waiting = [(command, 0, frozenset[str]()) for command in reversed(commands)]
        room = len(commands) + MAX_COMMANDS
        while waiting and len(told) < room:
            command, depth, above = waiting.pop()
            found = self._called(command) if depth < MAX_DEPTH else None
            if found is None:
                told.append(command)
                continue
            told.append(command.model_copy(update={"calls": found.state}))
            if found.state != "followed" or found.key in above or self._followed > MAX_FOLLOWED:
                continue
            inner = list(islice(self._within(command, found, idle), MAX_COMMANDS))
            self._followed += len(inner)
            waiting.extend((one, depth + 1, above | {found.key}) for one in reversed(inner))
        return tuple(told)

    def _within(self, outer: CiCommand, called: Called, idle: Asides) -> Iterator[CiCommand]:
        for part in called.parts:
            script = read(part.text, part.manner, part.variables, part.folder or "")
            for command in script.commands:
                does = rehearsals.of_command(plain(command.text), command.words) if command.force else command.force
                line = part.line + command.line
                if does:
                    yield CiCommand(
                        text=command.text,
                        line=line,
                        path=part.path,
                        heeded=outer.heeded and command.heeded,
                        folder="?"
                        if command.folder is None or (outer.folder == "?" and not part.folder)
                        else command.folder,
                    )
                elif matters(command.text):
                    what = f"`{command.text[:120]}`"
                    aside = Aside(path=part.path, line=line, what=what, reason=does.reason, void=does.is_void)
                    if aside not in self._noted:
                        self._noted.add(aside)
                        idle.add(aside)

    def _called(self, command: CiCommand) -> Called | None:
        """What of the tree *command* calls; None where it calls nothing of it."""
        words = _words(command.text)
        while words and (words[0] in _PREFIXES or re.fullmatch(r"\w+=.*", words[0], re.DOTALL)):
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[1:]
        if not words:
            return None
        program = words[0].rpartition("/")[2]
        if program in ("make", "gmake"):
            return self._make(words[1:], command.folder)
        if program in _NODE:
            return self._node(program, words[1:], command.folder)
        if program in ("run-s", "run-p", "npm-run-all"):
            return self._packages_with([w for w in words[1:] if not w.startswith("-")], command.folder, (), False)
        if program in ("turbo", "lerna", "nx"):
            return self._monorepo(program, words[1:], command.folder)
        if program == "composer":
            return self._composer(words[1:], command.folder)
        if program == "just":
            return self._just(words[1:], command.folder)
        if program == "task":
            return self._task(words[1:], command.folder)
        return self._script(words, command.folder)

    def _script(self, words: list[str], folder: str) -> Called | None:
        shell = words[0].rpartition("/")[2] in _SHELLS
        interpreted = words[0].rpartition("/")[2] in _INTERPRETERS
        rest = words[1:] if shell or interpreted else words
        flags: list[str] = []
        while rest and rest[0].startswith("-") and (shell or interpreted):
            flags.append(rest[0])
            if rest[0] in (() if shell else ("-m", "-e", "--eval")) or re.fullmatch(r"-\w*c", rest[0]):
                return None
            rest = rest[1:]
        if not rest:
            return None
        name = rest[0]
        if not (shell or interpreted) and "/" not in name:
            return None
        if not re.fullmatch(r"[\w./${}@+-]+", name):
            return None
        path = self._found(name, folder)
        if path is None:
            looks = name.startswith(("./", "../")) or re.search(
                r"\.(?:sh|bash|ps1|bat|py|js|mjs|cjs|ts|rb|php|pl)$", name
            )
            outside = name.startswith(("/", "~", "$HOME")) or "node_modules" in name or "vendor/" in name
            return Called("absent") if looks and not outside else None
        if path not in self._texts or interpreted:
            return Called("unread")
        text = self._texts[path]
        head = text[:200].split("\n", 1)[0]
        if head.startswith("#!") and not re.search(r"\b(?:ba|da|z|k|a)?sh\b", head):
            return Called("unread")
        errexit = bool(re.search(r"\s-\w*e", head)) or any("e" in flag for flag in flags if not flag.startswith("--"))
        variables = {str(number): word for number, word in enumerate(rest[1:10], 1) if "$" not in word}
        variables |= {str(number): "" for number in range(len(rest), 10)}
        where = folder if folder != "?" else ""
        return Called("followed", path, (Part(text, path, 1, Manner(errexit=errexit), where, variables),))

    def _found(self, name: str, folder: str) -> str | None:
        """The file of the tree that *name* means, seen from *folder*."""
        for start in (folder if folder != "?" else "", ""):
            path = joined(start, re.sub(r"^\$\{?(?:PWD|SCRIPT_DIR|ROOT_DIR|ROOT|DIR|BASEDIR|REPO_ROOT)\}?/", "", name))
            if path is not None and path in self._paths:
                return path
        if name.startswith("$"):  # a folder that only the run knows; the rest of the path tells enough if it is alone
            tail = "/" + name.partition("/")[2]
            fitting = [path for path in self._texts if f"/{path}".endswith(tail)] if len(tail) > 4 else []
            return fitting[0] if len(fitting) == 1 else None
        return None

    def _make(self, words: list[str], folder: str) -> Called | None:
        targets: list[str] = []
        given: dict[str, str] = {}
        where, name = (folder if folder != "?" else ""), ""
        rest = iter(words)
        for word in rest:
            if word in ("-C", "--directory"):
                where = joined(where, next(rest, "")) or ""
            elif word.startswith("-C") and len(word) > 2:
                where = joined(where, word[2:]) or ""
            elif word.startswith("--directory="):
                where = joined(where, word.partition("=")[2]) or ""
            elif word in ("-f", "--file"):
                name = next(rest, "")
            elif word in ("-j", "-l", "-o", "-W", "-I"):
                continue
            elif assigned := re.fullmatch(r"([\w.-]+)[:?+]?=(.*)", word, re.DOTALL):
                given[assigned[1]] = assigned[2]
            elif not word.startswith("-"):
                targets.append(word)
        names = [name] if name else ["GNUmakefile", "makefile", "Makefile"]
        path = next((p for n in names if (p := joined(where, n)) is not None and p in self._texts), None)
        if path is None:
            return Called("absent")
        if path not in self._makes:
            base = path.rpartition("/")[0]
            self._makes[path] = makefiles.load(self._texts[path], lambda n: self._texts.get(joined(base, n) or ""))
        makefile = self._makes[path]
        targets = targets or [makefile.first]
        parts = list(self._recipes(makefile, targets, path, where, given))
        if any(makefile.rule(target) is None for target in targets):
            return Called("unread" if "$" in "".join(targets) else "absent")
        return Called("followed", f"{path}:{' '.join(targets)}", tuple(parts))

    @staticmethod
    def _recipes(
        makefile: makefiles.Makefile, targets: Sequence[str], path: str, where: str, given: dict[str, str]
    ) -> Iterator[Part]:
        done: set[str] = set()
        waiting = list(reversed(targets))
        opened: set[str] = set()
        for _ in range(_MAX_TARGETS):
            if not waiting:
                return
            target = waiting.pop()
            rule = makefile.rule(target)
            if rule is None or target in done:
                continue
            missing = [need for need in rule.needs if need in makefile.rules and need not in done]
            if missing and target not in opened:
                opened.add(target)
                waiting.append(target)
                waiting.extend(reversed(missing))
                continue
            done.add(target)
            for line, written in rule.recipe:
                command = makefile.expanded(written, given).replace("$@", target)
                sign = re.match(r"[@+\-\s]*", command)
                prefix = sign[0] if sign else ""
                manner = Manner(errexit=False, heeded="-" not in prefix and makefile.heeds(target))
                yield Part(command[len(prefix) :], path, line, manner, where)

    def _node(self, program: str, words: list[str], folder: str) -> Called | None:
        where, everywhere, said = _prefix(words, folder)
        if not said:
            return None
        name = said[0]
        if name in ("run", "run-script", "rum"):
            said = said[1:]
        elif name == "workspace" and len(said) > 2:
            said, everywhere = said[2:], True
            said = said[1:] if said[0] in ("run",) else said
        elif name == "workspaces":
            said, everywhere = [w for w in said[1:] if w not in ("foreach", "run") and not w.startswith("-")], True
        elif (program == "npm" and name not in (*_LIFE, "t", "tst")) or name in _BUILT_IN:
            return None
        if not said:
            return None
        name = "test" if said[0] in ("t", "tst") else said[0]
        return self._packages_with(
            [name], where, tuple(said[1:]), everywhere, run=words[:1] in (["run"], ["run-script"]) or program == "npm"
        )

    def _packages_with(
        self,
        names: Sequence[str],
        folder: str,
        arguments: tuple[str, ...] = (),
        everywhere: bool = False,
        run: bool = True,
    ) -> Called | None:
        """The scripts of these *names* in the package of *folder*, or in every package of the tree."""
        where = joined(folder if folder != "?" else "", "package.json") or "package.json"
        own = self._package(where)
        paths = [where] if own and not everywhere and any(_fits(n, own) for n in names) else []
        if not paths and (everywhere or folder == "?" or not own):
            paths = [
                p
                for p in sorted(self._texts)
                if p.endswith("package.json") and any(_fits(n, self._package(p)) for n in names)
            ]
        if not paths:
            return Called("absent") if run else None
        tail = " ".join(shlex.quote(a) for a in arguments if a != "--")
        parts = []
        for path in paths[:20]:
            scripts = self._package(path)
            base = path.rpartition("/")[0]
            for name in (fitting for n in names for fitting in _fits(n, scripts)):
                for step in (f"pre{name}", name, f"post{name}"):
                    if step in scripts:
                        text = f"{scripts[step]} {tail}".strip() if step == name else scripts[step]
                        parts.append(Part(text, path, 1, Manner(errexit=False), base))
        return Called("followed", f"{','.join(paths[:20])}:{' '.join(names)}", tuple(parts[:60]))

    def _package(self, path: str) -> dict[str, str]:
        if path not in self._packages:
            body = _json(self._texts.get(path, ""))
            scripts = body.get("scripts")
            found = scripts if isinstance(scripts, dict) else {}
            self._packages[path] = {str(k): v for k, v in found.items() if isinstance(v, str)}
        return self._packages[path]

    def _monorepo(self, program: str, words: list[str], folder: str) -> Called | None:
        plain_ = [w for w in words if not w.startswith("-")]
        names: list[str] = []
        for number, word in enumerate(words):
            if word.startswith(("--target=", "--targets=", "-t=")):
                names.extend(word.partition("=")[2].split(","))
            elif word in ("-t", "--target", "--targets") and number + 1 < len(words):
                names.extend(words[number + 1].split(","))
        if not names:
            names = [w for w in plain_ if w not in ("run", "run-many", "affected", "exec")][
                : 3 if program == "turbo" else 1
            ]
        found = self._packages_with(names, "", (), True) if names else None
        return found if found is not None and found.state == "followed" else None

    def _composer(self, words: list[str], folder: str) -> Called | None:
        where, _, said = _prefix(words, folder)
        said = said[1:] if said[:1] in (["run"], ["run-script"]) else said
        path = joined(where if where != "?" else "", "composer.json") or ""
        body = _json(self._texts.get(path, ""))
        scripts = body.get("scripts")
        if not said or not isinstance(scripts, dict) or said[0] not in scripts:
            return None
        parts: list[Part] = []
        waiting, done = [said[0]], set[str]()
        while waiting and len(parts) < 60:
            name = waiting.pop(0)
            if name in done:
                continue
            done.add(name)
            value = scripts.get(name)
            for text in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
                if isinstance(text, str) and text.startswith("@") and text[1:].split(" ")[0] in scripts:
                    waiting.append(text[1:].split(" ")[0])
                elif isinstance(text, str):
                    text = re.sub(r"^@(php|composer|putenv)\b", lambda m: "export" if m[1] == "putenv" else m[1], text)
                    parts.append(Part(text, path, 1, Manner(errexit=False), path.rpartition("/")[0]))
        return Called("followed", f"{path}:{said[0]}", tuple(parts))

    def _just(self, words: list[str], folder: str) -> Called | None:
        start = folder if folder != "?" else ""
        path = next((p for n in ("justfile", "Justfile", ".justfile") if (p := joined(start, n)) in self._texts), None)
        names = [w for w in words if not w.startswith("-") and "=" not in w]
        if path is None:
            return Called("absent")
        makefile = makefiles.load(_as_makefile(self._texts[path]))
        names = names[:1] or [makefile.first]
        if names[0] not in makefile.rules:
            return Called("absent")
        return Called("followed", f"{path}:{names[0]}", tuple(self._recipes(makefile, names, path, start, {})))

    def _task(self, words: list[str], folder: str) -> Called | None:
        start = folder if folder != "?" else ""
        path = next(
            (
                p
                for p in sorted(self._texts)
                if p.rpartition("/")[0] == start and _TASKFILE.fullmatch(p.rpartition("/")[2])
            ),
            None,
        )
        names = [w for w in words if not w.startswith("-") and "=" not in w][:5] or ["default"]
        if path is None:
            return Called("absent")
        try:
            documents = [d.body for d in load_all(self._texts[path].encode()) if isinstance(d.body, dict)]
        except FormatError:
            return Called("unread")
        tasks = documents[0].get("tasks") if documents else None
        if not isinstance(tasks, dict) or any(name not in tasks for name in names):
            return Called("absent")
        parts: list[Part] = []
        waiting, done = list(names), set[str]()
        while waiting and len(parts) < 60:
            name = waiting.pop(0)
            if name in done:
                continue
            done.add(name)
            body = tasks.get(name)
            body = body if isinstance(body, dict) else {"cmds": body if isinstance(body, list) else [body]}
            deps = body.get("deps")
            waiting[:0] = [_name(d, "task") for d in deps] if isinstance(deps, list) else []
            where = joined(start, str(body.get("dir") or "")) or start
            given = body.get("cmds", body.get("cmd"))
            for cmd in given if isinstance(given, list) else [given]:
                if isinstance(cmd, dict) and "task" in cmd:
                    waiting.append(_name(cmd, "task"))
                elif text := _name(cmd, "cmd"):
                    heeded = not (isinstance(cmd, dict) and cmd.get("ignore_error") is True)
                    parts.append(Part(text, path, 1, Manner(errexit=False, heeded=heeded), where))
        return Called("followed", f"{path}:{' '.join(names)}", tuple(parts))


@dataclass(frozen=True)
class Part:
    """One script within the tree: its text, where it stands, and how it is run."""

    text: str
    path: str
    line: int
    manner: Manner
    folder: str | None = ""
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Called:
    """What a command calls: its state in the words of :class:`CiCommand`, and the scripts that are run."""

    state: str
    key: str = ""
    parts: tuple[Part, ...] = ()


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)[:60]
    except ValueError:
        return text.split()[:60]


def _prefix(words: list[str], folder: str) -> tuple[str, bool, list[str]]:
    """Where a package manager is told to go, whether to every package, and what else it is told."""
    where, everywhere, said = folder, False, list[str]()
    rest = iter(words)
    for word in rest:
        if said and said[0] in ("run", "run-script") and len(said) > 1:
            said.append(word)
        elif word in ("-C", "--prefix", "--cwd", "--dir", "-d", "--working-dir"):
            where = joined(where if where != "?" else "", next(rest, "")) or "?"
        elif word.startswith(("--prefix=", "--cwd=", "--dir=", "--working-dir=")):
            where = joined(where if where != "?" else "", word.partition("=")[2]) or "?"
        elif word in _EVERYWHERE and word != "workspaces":
            everywhere = True
            if word in ("--filter", "-F", "--workspace", "-w"):
                next(rest, "")
        elif word.startswith(("--filter=", "--workspace=")):
            everywhere = True
        elif not word.startswith("-") or said:
            said.append(word)
    return where, everywhere, said


def _fits(name: str, scripts: dict[str, str]) -> list[str]:
    """The scripts that *name*, which may end in a star, stands for."""
    if name in scripts:
        return [name]
    return [one for one in scripts if "*" in name and one.startswith(name.partition("*")[0])]


def _json(text: str) -> dict[str, Any]:
    try:
        body = load_json(text.encode()).body if text else {}
    except FormatError:
        return {}
    return body if isinstance(body, dict) else {}


def _name(value: Any, key: str) -> str:
    if isinstance(value, dict):
        value = value.get(key)
    return value if isinstance(value, str) else ""


def _as_makefile(text: str) -> str:
    """A justfile with its recipes as a Makefile has them: names without parameters, lines behind a tab."""
    lines = []
    for line in text.split("\n")[:5_000]:
        if line[:1] in (" ", "\t") and line.strip():
            lines.append("\t" + line.strip())
        elif rule := re.match(r"^@?([\w-]+)(?:\s[^:\n]*)?:(?!=)(.*)$", line):
            lines.append(f"{rule[1]}:{re.sub(r'[()]', ' ', rule[2])}")
        elif not line.startswith("["):
            lines.append(line)
    return "\n".join(lines)
