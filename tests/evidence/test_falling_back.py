"""
Credentials that stand where something else is asked first.
"""

from __future__ import annotations

import pytest

from orchestrator.evidence.credentials import every
from orchestrator.evidence.falling_back import fallbacks
from orchestrator.evidence.tree import FileEntry

DRAWN = "k3Jx" + "9QwzLm7Tb2Vn" + "Rr41xPq8"

FOUND = [
    ("application.yml", "mail:\n  password: ${SMTP_PASS" + "WORD:%s}\n"),
    ("application.properties", "mail.password=${SMTP_PASS" + "WORD:%s}\n"),
    ("compose.yaml", "environment:\n  DB_PASS" + "WORD: ${DB_PASSWORD:-%s}\n"),
    ("compose.yaml", "environment:\n  - API_TO" + "KEN=${API_TOKEN-%s}\n"),
    ("lib/export.rake", '  sh "PGPASS' + 'WORD=%s psql -h db -U export tickets"\n'),
    ("src/main.rs", 'let k = env::var("API_TO' + 'KEN").unwrap_or("%s".into());\n'),
    ("stack.yaml", "Parameters:\n  PayKey:\n    Type: String\n    Default: %s\n"),
    ("stack.json", '{"Parameters": {"PayKey": {"Type": "String", "Default": "%s"}}}\n'),
]
LEFT = [
    ("mvnw", 'case "${MVNW_PASSWORD:+has-password-of-4-signs}" in\n'),
    ("application.yml", "mail:\n  password: ${SMTP_PASSWORD:changeme}\n"),
    ("application.yml", "mail:\n  password: ${SMTP_PASSWORD:${OTHER}}\n"),
    ("application.yml", "mail:\n  host: ${SMTP_HOST:smtp-4.mail.shop.test}\n"),
    ("compose.yaml", "environment:\n  DB_PASSWORD: ${DB_PASSWORD:?set it first}\n"),
    ("stack.yaml", "Parameters:\n  Zone:\n    Type: String\n    Default: " + DRAWN + "\n"),
    ("stack.yaml", "Parameters:\n  TableKey:\n    Type: String\n    Default: orders-by-day-2024\n"),
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("path", "text"), FOUND)
def test_found(path: str, text: str, ends: str) -> None:
    """
    A value that something falls back on is found where it stands, and counts, however lines end.
    """
    written = (text % DRAWN).replace("\n", ends).encode()
    assert [written[m.start : m.end].decode() for m in fallbacks(written)] == [DRAWN]
    found = list(every(FileEntry(path=path, size=len(written)), written))
    assert [c.confidence for c in found] == ["medium"]


@pytest.mark.parametrize(("path", "text"), LEFT)
def test_left_alone(path: str, text: str) -> None:
    """
    What stands in for one, is given elsewhere, or has no name that says so, is none.
    """
    assert list(fallbacks(text.encode())) == []


def test_template_of_sam_is_deployed() -> None:
    """
    ``template.yaml`` is what SAM deploys; in a folder of examples it is one.
    """
    text = f"Variables:\n  RATES_API_KEY: {DRAWN}\n".encode()
    kinds = {
        path: [c.confidence for c in every(FileEntry(path=path, size=len(text)), text)]
        for path in ("template.yaml", "api/template.yml", "examples/template.yaml", "deploy.template.yaml")
    }
    assert kinds == {
        "template.yaml": ["medium"],
        "api/template.yml": ["medium"],
        "examples/template.yaml": ["low"],
        "deploy.template.yaml": ["low"],
    }
