"""Grows a tree of files as people write them, in many languages, the same one from the same seed everywhere."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import yaml

_TEXTS = Path(__file__).with_name("texts.yaml")
_THINGS = ("order", "cart", "invoice", "stock", "price", "parcel", "voucher", "review", "address", "basket", "label")
_DEEDS = ("collect", "merge", "find", "close", "move", "split", "count", "rename", "weigh", "sort", "send")
_PLACE = re.compile(r"\{(thing|Thing|other|Other|deed|Deed|number|name|Name|service)\}")


def grow(folder: Path, files: int, seed: int = 1) -> None:
    """Write *files* files below *folder*, with what a release has at its top."""
    chance = random.Random(f"{seed} {files}")
    kinds: list[dict[str, Any]] = yaml.safe_load(_TEXTS.read_text("utf-8"))
    (folder / ".github/workflows").mkdir(parents=True)
    for path, text in _TOP.items():
        (folder / path).write_text(text)
    weights = [kind["many"] for kind in kinds]
    for number in range(files - len(_TOP)):
        (kind,) = chance.choices(kinds, weights)
        words = _words(chance, number)
        target = folder / _filled(kind["path"], words)
        target.parent.mkdir(parents=True, exist_ok=True)
        parts = [
            _filled(chance.choice(kind["parts"]), _words(chance, number)) for _ in range(int(chance.paretovariate(1.1)))
        ][:60]
        target.write_text("".join([_filled(kind["head"], words), *parts, _filled(kind.get("tail", ""), words)]))


def _words(chance: random.Random, number: int) -> dict[str, str]:
    thing, other = chance.sample(_THINGS, 2)
    deed = chance.choice(_DEEDS)
    name = f"{thing}_{deed}_{number}"
    said = {"thing": thing, "other": other, "deed": deed, "number": str(chance.randrange(2, 900))}
    said |= {key.capitalize(): said[key].capitalize() for key in ("thing", "other", "deed")}
    return said | {"name": name, "Name": name.title().replace("_", ""), "service": f"s{number // 60:04}"}


def _filled(text: str, words: dict[str, str]) -> str:
    return _PLACE.sub(lambda found: words[found[1]], text)


_TOP = {
    "README.md": "# Shop\n\nA shop of many services. `make test` tests them, and `make deploy` brings them out.\n",
    "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nUSER app\nCMD ["python", "-m", "app"]\n',
    "requirements.txt": "flask==3.1.0\npsycopg==3.2\nredis==5.0\nprometheus-client==0.21\n",
    "package.json": '{"name": "shop", "dependencies": {"express": "4.21.0", "@angular/core": "18.0.0"}}\n',
    ".github/workflows/ci.yml": (
        "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - run: pytest\n      - run: npm test\n"
    ),
}
