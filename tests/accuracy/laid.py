"""Lays labelled things out for tests, as their authors would write them."""

from __future__ import annotations

from pathlib import Path

import yaml


def write(path: Path, body: object) -> Path:
    """*body* as YAML at *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(body, sort_keys=False), encoding="utf-8")
    return path


def a_case(name: str = "pinned/base image", **more: object) -> dict[str, object]:
    """A case as it stands in a list."""
    return {
        "case": name,
        "criterion": "SEC-2.2.1",
        "expected": "fail",
        "files": {"shop/mail.py": 'API_TOKEN = "<<alnum 32>>"\n'},
        **more,
    }


def a_release(folder: Path, name: str = "small-shop", **labels: str) -> Path:
    """A complete release of two files in *folder*."""
    written = {criterion.replace("_", "-", 1).replace("_", "."): {"label": word} for criterion, word in labels.items()}
    write(folder / name / "labels.yaml", {"name": name, "labels": written})
    tree = folder / name / "tree"
    (tree / "shop").mkdir(parents=True)
    (tree / "shop" / "app.py").write_text("import os\n\nprint(os.name)\n")
    (tree / "README.md").write_text("# Shop\n\nSells what there is.\n")
    return folder / name
