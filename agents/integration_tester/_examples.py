"""The files that several examples begin with."""

from __future__ import annotations

ON_PUSH = "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"

APP = {
    "package.json": '{"name": "shop", "private": true, "scripts": {"build": "vite build", "test": "vitest run"}}\n',
    "src/main.js": "export const total = (a, b) => a + b\n",
}

SERVICE = {
    "package.json": '{"name": "shop", "private": true, "scripts": {"start": "node server.js", "test": "jest"}}\n',
    "server.js": "const express = require('express')\nconst app = express()\n"
    "app.get('/orders', (req, res) => res.json([]))\n",
    "tests/total.test.js": "test('adds', () => {})\n",
}


def cases(number: int) -> str:
    """A JavaScript test file of so many cases."""
    return "".join(f"test('case {n}', () => {{}})\n" for n in range(number))


def job(name: str, *steps: str, extra: str = "") -> str:
    """One job of a GitHub workflow."""
    lines = "".join(f"      - run: {step}\n" for step in steps)
    return f"  {name}:\n    runs-on: ubuntu-latest\n{extra}    steps:\n{lines}"
