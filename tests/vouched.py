"""
A small release that people vouch for: a run of it has words of every kind, a base, ages, and an inline ignore.

``python -m tests.vouched FOLDER`` makes it in a new folder, and keeps a run of it in ``tests/recorded``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.command import gonogo
from tests.identities.keys import key
from tests.repositories import SHOP, git, repository, write
from tests.words import attested, waived, words

RECORDED = Path(__file__).parent / "recorded"
APP = str(SHOP["app.py"])
OLD_FAULT = "\n\n@app.get('/label')\ndef label():\n    os.system('lp ' + request.args['text'])\n    return 'printed'\n"
NEW_FAULT = "\n\n@app.get('/sum')\ndef total():\n    return str(eval(request.args['of']))\n"
IGNORED = NEW_FAULT.replace("))\n", "))  # nosec B307\n").replace("sum", "all").replace("total", "every")


def vouched(folder: Path) -> Path:
    """A run of the release, made in *folder*; OpenSSH's own program signs what is signed."""
    before = {**SHOP, "app.py": APP.replace("Flask\n", "Flask, request\n", 1).replace("from", "import os\n\nfrom", 1)}
    shop = repository(folder / "shop", {**before, "app.py": str(before["app.py"]) + OLD_FAULT})
    git(shop, "tag", "v1.0.0")
    keys = {name: key(folder, name) for name in ("ann", "dana", "lee")}
    write(shop, {"app.py": str(before["app.py"]) + OLD_FAULT + NEW_FAULT + IGNORED})
    write(shop, {"readiness.yaml": words(attestations=[attested("CMP-8.1.8", "ann", "The cookies of ours are read.")])})
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "-m", "more")
    (folder / "org.yaml").write_text(
        "people:\n"
        + "".join(f"  {name}: {{addresses: [{name}@shop.example], keys: ['{k}']}}\n" for name, k in keys.items())
    )
    said = [
        attested("OBS-4.3.4", "dana", "The rota names two people for every night of the month."),
        attested("OBS-4.3.4", "lee", "I answered the test page within four minutes."),
        attested("CMP-8.2.5", "dana", "The suppliers were looked through with counsel.", on=-3),
        attested("INF-1.2.1", "dana", "Both zones are there, I went through the console."),
        attested("CMP-8.2.6", "lee", "Outsiders have looked at all of it for a week."),
    ]
    risk = waived("DEP-5.3.1", "lee", "We take the risk until flags come with the next release.")
    text = words(waivers=[_in_block(risk)], attestations=[_in_block(row) for row in said])
    (folder / "words.yaml").write_text(text)
    for name in ("dana", "lee"):
        how = ("--key", str(folder / name), "--who", name, "--release", "shop")
        assert 0 == gonogo(folder, "words", "sign", "words.yaml", *how).code
    signed = (folder / "words.yaml").read_text().replace("Outsiders have", "Outsiders  have")  # it was changed since
    (folder / "words.yaml").write_text(signed)
    done = gonogo(folder, "review", "shop", "--base", "v1.0.0", "--policy", "org.yaml", "--words", "words.yaml", "-q")
    assert 1 == done.code, done.err
    return max(path for path in (folder / "runs").iterdir() if path.is_dir())


def _in_block(row: str) -> str:
    """A word in block form, as one that is signed has to be."""
    inner = row.strip("{}")
    keys = ("criterion", "who", "seen", "reason", "on", "link")
    for name in keys[1:]:
        inner = inner.replace(f", {name}: ", f"\n    {name}: ", 1)
    return inner


if __name__ == "__main__":
    run = vouched(Path(sys.argv[1]))
    print(gonogo(run.parents[1], "export", run.name, "-o", str(RECORDED / f"{run.name}.run.zip")).err)
