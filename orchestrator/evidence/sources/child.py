"""Looks at what one source was asked, in a process that has nothing but the question."""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from functools import reduce
from pathlib import Path
from typing import Any

from ... import __version__
from ...domain.produced import Produced, Producer
from ...errors import FormatError
from ...host import files
from ..apart import answered, asked
from ..live import NotContacted
from .question import Question, Seen


def main() -> None:
    """What the process does."""
    answered(json.dumps(answer(asked()), sort_keys=True).encode())


def answer(line: bytes) -> dict[str, Any]:
    """What the source that *line* names answers, or why it does not."""
    told = json.loads(line)
    question = Question.model_validate(told["question"])
    module, _, name = told["fetch"].partition(":")
    try:
        fetch: Any = reduce(getattr, name.split("."), importlib.import_module(module))
        seen: Seen = fetch(question)
        return {
            "fact": seen.fact.model_dump(mode="json", exclude_defaults=True),
            "produced": _produced(seen, module, told["version"]).model_dump(mode="json"),
        }
    except NotContacted as error:
        return {"problem": f"could not look: {error.reason}"}
    except FormatError as error:
        return {"problem": f"cannot read what it was given: {error.reason} (line {error.line})"}
    except RecursionError:
        return {"problem": "cannot read what it was given: nested too deeply"}
    except Exception as error:  # noqa: BLE001  # whatever it is, it is said as a problem, which is recorded
        return {"problem": f"stumbled: {type(error).__name__}"}


def _produced(seen: Seen, module: str, version: str) -> Produced:
    code = Path(str(sys.modules[module].__file__))
    digest = f"sha256:{hashlib.sha256(files.read(code, 5_000_000)).hexdigest()}"
    own = Producer(name=module.rpartition(".")[2].replace("_", "-"), version=version or __version__, digest=digest)
    return Produced(
        at="",
        by=seen.by or own,
        made=seen.made,
        commit=seen.commit,
        examined=seen.examined,
        what=seen.what,
        lacking=seen.lacking[:100],
    )
