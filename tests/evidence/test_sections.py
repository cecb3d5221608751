"""Marks of sections are told by the tools that ask for them, and by nothing that only looks like one."""

from __future__ import annotations

import pytest

from orchestrator.evidence.sections import mark


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-- +goose Up", ("+goose", "up")),
        ("-- +goose down", ("+goose", "down")),
        ("-- +migrate Down", ("+migrate", "down")),
        ("--+micrate Up", ("+micrate", "up")),
        ("-- migrate:up", ("migrate:", "up")),
        ("-- migrate:down transaction:false", ("migrate:", "down")),
        ("--" + " " * 80 + "+goose Up", ("+goose", "up")),
        ("--" + " " * 100 + "+goose Up", None),
        ("-- +goose Upwards", None),
        ("-- +goose StatementBegin", None),
        ("-- down", None),
        (" -- +goose Up", None),
        ("SELECT 1; -- +goose Up", None),
        ("", None),
    ],
)
def test_mark(line: str, expected: tuple[str, str] | None) -> None:
    """
    A mark stands alone in its line, near its beginning, and names its tool and a direction.
    """
    assert expected == mark(line)
