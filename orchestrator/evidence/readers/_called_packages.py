"""Follows npm, its likes, and the tools of monorepos to the scripts of ``package.json``."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ..inforce.shell import Manner
from ..inforce.shell.folders import joined
from ._called import Called, Part, Texts, known

MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
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


class Packages:
    """The scripts of the packages of a tree, each read once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[str, dict[str, str]] = {}

    def of_manager(self, program: str, words: list[str], folder: str) -> Called | None:
        """The scripts that the package manager *program* is told to run."""
        where, everywhere, said = prefix(words, folder)
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
        return self.named(
            [name], where, tuple(said[1:]), everywhere, run=words[:1] in (["run"], ["run-script"]) or program == "npm"
        )

    def named(
        self,
        names: Sequence[str],
        folder: str,
        arguments: tuple[str, ...] = (),
        everywhere: bool = False,
        run: bool = True,
    ) -> Called | None:
        """The scripts of these *names* in the package of *folder*, or in every package of the tree."""
        where = joined(known(folder), "package.json") or "package.json"
        own = self._package(where)
        paths = [where] if own and not everywhere and any(_fits(n, own) for n in names) else []
        if not paths and (everywhere or folder == "?" or not own):
            paths = [
                p
                for p in sorted(self._texts.of)
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

    def of_monorepo(self, program: str, words: list[str]) -> Called | None:
        """The scripts of all packages that a tool of monorepos is told to run."""
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
        found = self.named(names, "", (), True) if names else None
        return found if found is not None and found.state == "followed" else None

    def _package(self, path: str) -> dict[str, str]:
        if path not in self._known:
            scripts = self._texts.json(path).get("scripts")
            found = scripts if isinstance(scripts, dict) else {}
            self._known[path] = {str(k): v for k, v in found.items() if isinstance(v, str)}
        return self._known[path]


def prefix(words: list[str], folder: str) -> tuple[str, bool, list[str]]:
    """Where a package manager is told to go, whether to every package, and what else it is told."""
    where, everywhere, said = folder, False, list[str]()
    rest = iter(words)
    for word in rest:
        if said and said[0] in ("run", "run-script") and len(said) > 1:
            said.append(word)
        elif word in ("-C", "--prefix", "--cwd", "--dir", "-d", "--working-dir"):
            where = joined(known(where), next(rest, "")) or "?"
        elif word.startswith(("--prefix=", "--cwd=", "--dir=", "--working-dir=")):
            where = joined(known(where), word.partition("=")[2]) or "?"
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
