"""Follows Composer to the scripts of ``composer.json``."""

from __future__ import annotations

import re

from ..inforce.shell import Manner
from ..inforce.shell.folders import joined
from ._called import Called, Part, Texts, known
from ._called_packages import prefix


def of_composer(texts: Texts, words: list[str], folder: str) -> Called | None:
    """The script that *words* name; None where they name none of the file's."""
    where, _, said = prefix(words, folder)
    said = said[1:] if said[:1] in (["run"], ["run-script"]) else said
    path = joined(known(where), "composer.json") or ""
    scripts = texts.json(path).get("scripts")
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
