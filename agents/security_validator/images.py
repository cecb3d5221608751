"""Judges whether container images are scanned and stand on bases that get fixes (2.4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    FAIL,
    Dockerfile,
    Dockerfiles,
    Draft,
    Example,
    Instruction,
    Pipelines,
    Places,
    check,
    examined,
    unsure,
)

from ._lines import broken

_HARMLESS = re.compile(r"--exit-code[ =]0\b")
_LOOKS_AT_NOTHING = re.compile(
    r"--severity[ =]['\"]?(?:UNKNOWN|NEGLIGIBLE|NONE)(?:,(?:UNKNOWN|NEGLIGIBLE))*['\"]?(?:\s|$)|"
    r"--skip-dirs[ =]['\"]?/(?:\*+)?['\"]?(?:\s|$)",
    re.IGNORECASE,
)
_IMAGE_SCAN = re.compile(
    r"trivy image|trivy-action|grype|anchore/scan-action|snyk container|docker scout|clair-scanner|"
    r"container-scan|aquasec/trivy",
    re.IGNORECASE,
)
_GATED = re.compile(
    r"--exit-code[ =]1|exit-code:|fail-on|fail-build|severity-cutoff|--fail|--severity-threshold", re.IGNORECASE
)
_ENDED = (
    (re.compile(r"^(?:library/)?node:(?:[0-9]|1[0-9])(?:[.-]|$)"), "Node.js before 20", "April 2025"),
    (re.compile(r"^(?:library/)?python:(?:2(?:[.-]|$)|3\.[0-8](?:[.-]|$))"), "Python before 3.9", "October 2024"),
    (re.compile(r"^(?:library/)?ruby:(?:[12][.-]|3\.[01](?:[.-]|$))"), "Ruby before 3.2", "March 2025"),
    (re.compile(r"^(?:library/)?php:(?:[567](?:[.-]|$)|8\.0(?:[.-]|$))"), "PHP before 8.1", "November 2023"),
    (re.compile(r"^(?:library/)?debian:(?:[6-9]|10|jessie|stretch|buster)(?:[.-]|$)"), "Debian before 11", "June 2024"),
    (re.compile(r"^(?:library/)?ubuntu:(?:1[0-8]\.\d\d|trusty|xenial|bionic)"), "Ubuntu before 20.04", "May 2023"),
    (re.compile(r"^(?:library/)?centos(?::|$)"), "CentOS Linux", "June 2024"),
    (re.compile(r"^(?:library/)?alpine:(?:2\.|3\.(?:\d|1[0-7])(?:\.|$))"), "Alpine before 3.18", "November 2024"),
    (re.compile(r"^(?:library/)?openjdk:"), "the openjdk image", "July 2022"),
)


@check(
    "SEC-2.4.4",
    shows=FAIL,
    clean=[
        Example("a base that gets fixes", {"Dockerfile": 'FROM python:3.13-slim\nCMD ["app"]\n'}),
    ],
    flagged=[Example("a base that gets no more fixes", {"Dockerfile": 'FROM node:12-alpine\nCMD ["node", "a.js"]\n'})],
    silent=[
        Example(
            "the scan stops the build, and what it has found is not here",
            {
                "Dockerfile": 'FROM python:3.13-slim\nCMD ["app"]\n',
                ".github/workflows/ci.yml": "on: push\n"
                "jobs:\n  i:\n    steps:\n      - run: trivy image --severity CRITICAL "
                "--exit-code 1 app\n",
            },
        ),
        Example(
            "a scan that stops nothing",
            {
                "Dockerfile": "FROM python:3.13-slim\n",
                ".github/workflows/ci.yml": "on: push\njobs:\n  i:\n    steps:\n      - run: trivy image app\n",
            },
        ),
        Example(
            "an old image that only builds",
            {"Dockerfile": "FROM node:16 AS build\nRUN make\nFROM nginx:1.29\nCOPY --from=build /a /a\n"},
        ),
    ],
)
def images_are_scanned(dockerfiles: Dockerfiles, pipelines: Pipelines) -> Iterator[Draft]:
    """Images stand on bases that still get fixes, and a scan in the pipeline stops what is critical."""
    ended = [(d, i, name, date) for d in dockerfiles.files for i, name, date in _ended_bases(d)]
    if ended:
        _, _, name, date = ended[0]
        message = f"An image is built on {name}, which has had no security fixes since {date}"
        yield broken(message, Places(d.at(i) for d, i, _, _ in ended))
        return
    scans = [(p, s) for p, _, s in pipelines.steps() if _IMAGE_SCAN.search(s.said)]
    gates = [(p, s) for p, s in scans if _gates(s.enforced)]
    if gates and dockerfiles.files:
        yield unsure(
            "A scan of images stops the pipeline; the report of the images that are released is not in the repository",
            *(p.at(s) for p, s in gates),
            examined(len(dockerfiles.files), "Dockerfiles"),
        )
    elif scans:
        yield unsure(
            "Images are scanned in the pipeline; whether anything critical was found is not in the repository",
            *(p.at(s) for p, s in scans),
        )


def _ended_bases(dockerfile: Dockerfile) -> list[tuple[Instruction, str, str]]:
    """The base of the stage that becomes the image, where its support has ended; stages are followed by name."""
    stages = {i.value.split()[-1].lower(): i for i in dockerfile.of("FROM") if " as " in i.value.lower()}
    bases = [i for i in dockerfile.last_stage if i.keyword == "FROM"]
    for _ in range(20):
        if (
            bases
            and bases[0].value.split()[0].lower() in stages
            and stages[bases[0].value.split()[0].lower()] is not bases[0]
        ):
            bases = [stages[bases[0].value.split()[0].lower()]]
    words = [w for w in bases[0].value.split() if not w.startswith("--")] if bases else []
    return [(bases[0], name, date) for pattern, name, date in _ENDED if words and pattern.search(words[0].lower())]


def _gates(enforced: str) -> bool:
    """Whether one of the commands whose failure counts ends with it when something critical is found."""
    return any(
        _GATED.search(line) and not _HARMLESS.search(line) and not _LOOKS_AT_NOTHING.search(line)
        for line in enforced.split("\n")
    )
