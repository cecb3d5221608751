"""Asks about one place of a file whether it is in force."""

from __future__ import annotations

from orchestrator.evidence.inforce.files import judge_of_settings


def said(text: str, path: str = "db/schema.sql", word: str = "here") -> str:
    """What is said of the place where *word* stands in *text*."""
    data = text.encode()
    judge = judge_of_settings(data, path)
    assert judge is not None
    at = data.index(word.encode())
    return judge.judge(at, at + len(word.encode())).reason
