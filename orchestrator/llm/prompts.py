"""Reads agents' prompts: Claude Code sub-agent files, with our rules after each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import FormatError, PromptError
from ..formats.yaml import load as load_yaml

RULES = "shared/rules.md"
_KNOWN = frozenset(
    {
        "name",
        "description",
        "tools",
        "disallowedTools",
        "model",
        "permissionMode",
        "maxTurns",
        "skills",
        "mcpServers",
        "hooks",
        "memory",
        "background",
        "effort",
        "isolation",
        "color",
        "initialPrompt",
        "omitClaudeMd",
        "experimental",
    }
)
_UNUSED = frozenset({"permissionMode", "mcpServers", "hooks", "memory", "skills", "initialPrompt"})
_READING = frozenset({"Read", "Grep", "Glob"})
_HEAD = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


class Prompt(NamedTuple):
    """
    One agent's prompt.

    ``notes`` say what of the file is not heeded: keys nobody knows, and tools that a reviewer is not given.
    """

    name: str
    description: str
    body: str
    rules: str = ""
    notes: tuple[str, ...] = ()

    @property
    def system(self) -> str:
        """What the model is told to be; the rules come last, where no prompt can take them back."""
        return f"{self.body}\n\n{self.rules}".strip()


def shipped() -> dict[str, str]:
    """The text of every prompt file, by path below the folder."""
    folder = _folder()
    files = {f.name: f for f in folder.iterdir() if f.name.endswith(".md")}
    shared = folder / "shared"
    if shared.is_dir():
        files |= {f"shared/{f.name}": f for f in shared.iterdir() if f.name.endswith(".md")}
    return {name: files[name].read_text("utf-8") for name in sorted(files)}


def load(files: Mapping[str, str] | None = None) -> dict[str, Prompt]:
    """
    Every agent's prompt, by the name that it gives itself.

    Args:
        files: Path to text; what ships where None.

    Raises:
        PromptError: A file lacks what it must have, two have one name, or the rules are missing.
    """
    texts = shipped() if files is None else files
    if not texts.get(RULES, "").strip():
        raise PromptError("the rules that end every prompt are missing", where=f"prompts/{RULES}", remedy="reinstall")
    prompts: dict[str, Prompt] = {}
    for path, text in texts.items():
        if "/" not in path:
            prompt = parse(text, f"prompts/{path}")
            if prompt.name in prompts:
                raise PromptError(f"two prompts are named '{prompt.name}'", where=f"prompts/{path}")
            prompts[prompt.name] = prompt._replace(rules=texts[RULES].strip())
    return prompts


def parse(text: str, where: str) -> Prompt:
    """
    One file as Claude Code reads it; front matter that is not YAML is read line by line.

    Raises:
        PromptError: It has no front matter, no name, no description or no body.
    """
    found = _HEAD.match(text.replace("\r\n", "\n"))
    if found is None:
        raise PromptError("the prompt has no front matter", where=where, remedy="begin it with --- and a name")
    head = _front(found[1])
    body = text.replace("\r\n", "\n")[found.end() :].strip()
    name, description = (str(head.get(key) or "").strip() for key in ("name", "description"))
    for what, value in (("name", name), ("description", description), ("text", body)):
        if not value:
            raise PromptError(f"the prompt has no {what}", where=where, remedy=f"give it a {what}")
    if ":" in name or name.startswith("-"):
        raise PromptError(f"'{name}' is not a name", where=where, remedy="use letters, digits and single hyphens")
    return Prompt(name, description, body, notes=tuple(_notes(head)))


def _front(text: str) -> dict[str, Any]:
    try:
        head = load_yaml(text.encode()).body
    except FormatError:
        head = None
    if isinstance(head, dict):
        return head
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line and not line[:1].isspace())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _notes(head: Mapping[str, Any]) -> list[str]:
    notes = [f"unknown key '{key}'" for key in sorted(map(str, head)) if key not in _KNOWN]
    notes += [f"'{key}' has no meaning here" for key in sorted(map(str, head)) if key in _UNUSED]
    tools = head.get("tools")
    listed = tools if isinstance(tools, list) else str(tools or "").split(",")
    named = [str(tool).strip() for tool in listed]
    return notes + [f"tool '{tool}' is not given to a reviewer" for tool in named if tool and tool not in _READING]


def _folder() -> Any:
    """Inside the package in a wheel, beside it in a checkout."""
    inside = resources.files(__package__.rpartition(".")[0]) / "prompts"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"
