"""Assessments to a score."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.assessment import Assessment, Score


def score(assessments: Iterable[Assessment]) -> Score:
    """Points earned over points possible, and their band; nothing applicable scores zero."""
    earned = possible = 0
    for assessment in assessments:
        earned += assessment.earned
        possible += assessment.possible
    percent = earned * 1000 // possible / 10 if possible else 0.0
    return Score(earned=earned, possible=possible, percent=percent, band=band(percent))


def band(percent: float) -> str:
    """The name of a score: ≥ 90 Production Ready, ≥ 75 Mostly Ready, ≥ 60 Needs Work, else Not Ready."""
    if percent >= 90:
        return "Production Ready"
    if percent >= 75:
        return "Mostly Ready"
    return "Needs Work" if percent >= 60 else "Not Ready"
