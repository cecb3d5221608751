"""What integration-tester shows beside its findings: the deployment checklist."""

from __future__ import annotations

import pytest

from orchestrator import Brief, Exhibit, Profile, Release
from orchestrator.contract.testing import facts_of
from orchestrator.planning.roster import built_in

AGENT = next(agent for agent in built_in() if agent.id == "integration-tester")
HEAD = "on: push\njobs:\n"
JOB = "  {name}:\n    runs-on: ubuntu-latest\n    steps:\n"
WHOLE = {
    "package.json": '{"name": "shop", "private": true, "scripts": {"build": "vite build", "test": "vitest run"}}\n',
    "vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: 80}}}}\n",
    "src/main.js": "export const total = (a, b) => a + b\n",
    "tests/total.test.js": "test('adds', () => {})\ntest('subtracts', () => {})\n",
    ".github/workflows/ci.yml": HEAD
    + JOB.format(name="test")
    + "      - run: npm run build\n      - run: npm test\n"
    + JOB.format(name="deploy").replace("    steps", "    needs: test\n    steps")
    + "      - run: fly deploy\n      - run: curl --fail https://shop.dev/health\n",
}


async def shown(files: dict[str, str]) -> Exhibit:
    async def quote(sources):
        return {}

    brief = Brief(
        release=Release(name="shop", version="1.0.0"),
        profile=Profile(),
        criteria=(),
        facts=facts_of(files, tuple(s for check in AGENT.checks for s in check.reads)),
        texts={},
        quote=quote,
    )
    await AGENT().review(brief)
    return brief.exhibits[0]


async def test_each_step_on_the_way_has_its_place():
    """
    What is found is shown with where it stands, and coverage beside the 85 % that are asked for.
    """
    exhibit = await shown(WHOLE)

    assert "Deployment checklist" == exhibit.title
    assert (
        ("Build on each commit", "1 step", ".github/workflows/ci.yml:6"),
        ("Unit tests", "2 cases", "tests/total.test.js:1"),
        ("Unit tests run by CI", "yes", ".github/workflows/ci.yml:7"),
        ("Integration tests", "not found", ""),
        ("Integration tests run by CI", "not found", ""),
        ("End-to-end tests", "not found", ""),
        ("End-to-end tests run by CI", "not found", ""),
        (
            "Coverage threshold (85 % on critical paths)",
            "80 % demanded of the whole, nothing of the critical paths",
            "vitest.config.ts:1",
        ),
        ("Automated deployment", "job deploy", ".github/workflows/ci.yml:12"),
        ("Deployment waits for the tests", "yes", ".github/workflows/ci.yml:7"),
        ("Smoke tests after deployment", "yes", ".github/workflows/ci.yml:13"),
        ("Versioned artefacts kept", "not found", ""),
    ) == exhibit.rows
    assert "7 of 12 found, 5 not" == exhibit.note


@pytest.mark.parametrize(
    ("thresholds", "found"),
    [
        ("lines: 90", "90 % demanded of the whole, nothing of the critical paths"),
        ("\n'src/pay/**': {\nlines: 84\n}", "84 % demanded of src/pay/**, below 85 %"),
        ("\n'src/pay/**': {\nlines: 85\n}", "85 % demanded of src/pay/**, enough if that is all that is critical"),
        ("\nlines: 60,\n'a/**': {\nlines: 95\n},\n'b/**': {\nlines: 80\n}", "80 % demanded of b/**, below 85 %"),
    ],
)
async def test_coverage_of_the_whole_is_not_that_of_critical_paths(thresholds, found):
    """
    A figure for the whole project never stands for the paths that money goes by; the lowest of these counts.
    """
    settings = f"export default {{test: {{coverage: {{thresholds: {{{thresholds}}}}}}}}}\n"
    rows = (await shown({**WHOLE, "vitest.config.ts": settings})).rows

    assert [found] == [row[1] for row in rows if row[0].startswith("Coverage")]


async def test_an_empty_tree_has_nothing_on_the_list():
    """
    Every row says that it was not found; none is left out.
    """
    exhibit = await shown({"README.md": "# Shop\n"})

    assert {"not found"} == {row[1] for row in exhibit.rows}
    assert "0 of 12 found, 12 not" == exhibit.note


async def test_composite_actions_and_called_workflows_are_followed():
    """
    Tests behind a composite action gate a deployment that a called workflow does.
    """
    exhibit = await shown(
        {
            **WHOLE,
            ".github/workflows/ci.yml": HEAD
            + JOB.format(name="test")
            + "      - uses: ./.github/actions/check\n"
            + "  ship:\n    needs: test\n    uses: ./.github/workflows/ship.yml\n",
            ".github/actions/check/action.yml": "runs:\n  using: composite\n  steps:\n    - run: npm test\n",
            ".github/workflows/ship.yml": "on: workflow_call\njobs:\n"
            + JOB.format(name="live")
            + "      - run: fly deploy\n",
        }
    )

    gate = next(row for row in exhibit.rows if row[0] == "Deployment waits for the tests")
    assert ("Deployment waits for the tests", "yes", ".github/actions/check/action.yml:4") == gate


async def test_a_called_workflow_that_calls_itself_comes_to_an_end():
    """
    Calls are followed a few levels deep and no further.
    """
    exhibit = await shown(
        {
            **WHOLE,
            ".github/workflows/ci.yml": HEAD + "  a:\n    uses: ./.github/workflows/loop.yml\n",
            ".github/workflows/loop.yml": "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/loop.yml\n"
            "  b:\n    uses: ./.github/workflows/loop.yml\n",
        }
    )

    assert "Deployment checklist" == exhibit.title
