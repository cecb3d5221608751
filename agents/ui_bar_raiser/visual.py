"""Judges whether screens are compared with what they looked like before (DEP-5.4.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    PASS,
    Code,
    Draft,
    Example,
    Files,
    Manifests,
    Pipelines,
    Signal,
    Source,
    check,
    passed,
    source_of,
    unsure,
    words,
)

COMPARES = Signal(
    id="ui.screenshot-comparison",
    words=(
        "tohavescreenshot(", "percysnapshot(", "percy_snapshot(", "tomatchimagesnapshot(", "matchimagesnapshot(",
        "comparesnapshot(", "eyes.check", "argosscreenshot(", "matchscreenshot(", "takesnapshot(",
        "visualsnapshot(",
    ),
    roles=("test", "source"),
)  # fmt: skip
_KEPT = (
    "**/*-snapshots/**/*.png",
    "**/__image_snapshots__/**/*.png",
    "**/backstop_data/bitmaps_reference/**",
    "**/.loki/**/*.png",
)
TOKEN = Signal(id="ui.percy-token", words=("percy_token",), roles=("ci",))
"""Without it Percy takes no screens and says nothing."""
TOOLS = words("packages/screenshot-tests")
"""Those that compare every story or a list of pages, so no test names them."""
RUNS = re.compile(rf"{words('commands/screenshots').pattern}|{words('actions/screenshots').pattern}")
_SPEC = "test('home', async ({ page }) => {\n  await page.goto('/');\n  await expect(page).toHaveScreenshot();\n});\n"
_CI = "on: push\njobs:\n  ui:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {run}\n"


def _tree(run: str) -> dict[str, str]:
    return {
        "e2e/home.spec.ts": _SPEC,
        "e2e/home.spec.ts-snapshots/home-1-linux.png": "PNG",
        ".github/workflows/ui.yml": _CI.format(run=run),
    }


@check(
    "DEP-5.4.8",
    shows=PASS,
    reads=[COMPARES, TOKEN],
    clean=[
        Example("Playwright compares with committed screens in the pipeline", _tree("npx playwright test")),
        Example(
            "Chromatic compares every story",
            {
                "package.json": '{"name": "shop", "devDependencies": {"chromatic": "^11"}}\n',
                ".github/workflows/ui.yml": _CI.format(run="npx chromatic --exit-zero-on-changes=false"),
            },
        ),
    ],
    flagged=[
        Example("nothing runs the comparison", _tree("npm run lint")),
        Example(
            "nothing to compare with",
            {"e2e/home.spec.ts": _SPEC, ".github/workflows/ui.yml": _CI.format(run="npx playwright test")},
        ),
        Example(
            "Percy without its token, which does nothing",
            {
                "package.json": '{"name": "shop", "devDependencies": {"@percy/cypress": "^3"}}\n',
                "cypress/home.cy.js": "cy.visit('/')\ncy.percySnapshot('home')\n",
                ".github/workflows/ui.yml": _CI.format(run="npx percy exec -- cypress run"),
            },
        ),
        Example(
            "browser tests that look at nothing",
            {**_tree("npx playwright test"), "e2e/home.spec.ts": "test('x', go);\n"},
        ),
    ],
)
def screenshots(code: Code, manifests: Manifests, files: Files, pipelines: Pipelines) -> Iterator[Draft]:
    """A pipeline compares screens, with a service or with screens in the tree."""
    tools = [m.at(d) for m, d in manifests.uses(TOOLS)]
    calls = list(code[COMPARES].first)
    if not tools and not calls:
        return
    runs = _runs(pipelines, manifests)
    service = [m.at(d) for m, d in manifests.uses("@percy/*", "@argos-ci/*", "@applitools/*", "chromatic", "happo*")]
    kept = [f for f in files.matching(*_KEPT) if not f.is_set_aside and f.role != "vendored"]
    others = manifests.uses("@argos-ci/*", "@applitools/*", "chromatic", "happo*")
    idle = bool(service) and not others and not code[TOKEN] and all(".github/" in run.path for run in runs)
    places = _few([*calls, *tools, *runs, *(source_of(f) for f in kept)])
    if runs and idle and not kept:
        yield unsure(
            "Screens are taken for Percy, and the pipeline gives it no token, without which it is idle", *places
        )
    elif runs and (service or kept):
        yield passed("Screens are compared in the pipeline", *places, confidence="medium")
    elif runs:
        yield unsure("Screens are compared in the pipeline; what with is not to be seen", *places)
    else:
        yield unsure("Screens can be compared, and no pipeline is seen to do it", *places)


def _runs(pipelines: Pipelines, manifests: Manifests) -> list[Source]:
    """Pipeline steps that run a comparison, by themselves or through a script of package.json."""
    scripts = sorted({n for m in manifests.files for n, command in m.scripts.items() if RUNS.search(command)})[:50]
    named = "|".join(map(re.escape, scripts)) or "x^"
    called = re.compile(rf"\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(?:{named})(?![\w:-])")
    found = []
    for pipeline, _, step in pipelines.steps():
        text = step.enforced[:4_000]
        if RUNS.search(text) or called.search(text):
            found.append(pipeline.at(step))
    return found


def _few(places: list[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(places))
