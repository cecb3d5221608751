"""How root-cause-finder groups failures: by what is missing, by file, by check, by folder."""

from __future__ import annotations

from orchestrator import Brief, Exhibit, Finding, Location, Profile, Release, Status, absent, examined, exchanged
from orchestrator.contract.testing import facts_of
from orchestrator.planning.roster import built_in

AGENT = next(agent for agent in built_in() if agent.id == "root-cause-finder")
DOCKERFILE = {"web/Dockerfile": "FROM node:22\n", "docs/README.md": "# Shop\n"}


def failure(criterion: str, path: str = "", line: int = 0, check: str = "", remedy: str = "", **more) -> Finding:
    return Finding(
        criterion=criterion,
        status=more.get("status", Status.FAIL),
        message=more.get("message", f"{criterion} does not hold."),
        agent=more.get("agent", "security-validator"),
        check=check or f"security-validator.{criterion}",
        location=Location(path=path, line=line) if path else None,
        evidence=more.get("evidence", () if path else (absent("it", examined(2, "files")),)),
        remedy=remedy,
    )


async def shown(*findings: Finding, files: dict[str, str] | None = None) -> Exhibit:
    async def quote(places):
        return {}

    brief = Brief(
        release=Release(name="shop", version="1.0.0"),
        profile=Profile(),
        criteria=(),
        facts=facts_of(files or DOCKERFILE),
        texts={},
        quote=quote,
        findings=findings,
    )
    assert [] == await AGENT().review(brief)
    return brief.exhibits[0]


class TestCauses:
    async def test_one_file(self):
        """
        A Dockerfile that fails two criteria is one cause, and the remedy that it has is what to do first.
        """
        exhibit = await shown(
            failure("SEC-2.1.1", "web/Dockerfile", 9),
            failure("INF-1.2.3", "web/Dockerfile", 1, remedy="Pin the base image."),
        )

        assert "Likely causes" == exhibit.title
        assert (
            (
                "One file, web/Dockerfile",
                "2",
                "INF-1.2.3 and SEC-2.1.1",
                "web/Dockerfile:1",
                "Pin the base image.",
            ),
        ) == exhibit.rows

    async def test_a_missing_piece(self):
        """
        Failures of absence, in a tree without a pipeline, have the missing pipeline in common; an answer has not.
        """
        answer = exchanged("GET", "https://shop.example/", 500)
        exhibit = await shown(
            failure("DEP-5.1.1"),
            failure("DEP-5.1.2"),
            failure("DAT-6.1.1", "db/1.sql", 3),
            failure("DEP-5.4.1", evidence=(answer,)),
        )

        assert [
            ("There is no CI pipeline", "2", "DEP-5.1.1 and DEP-5.1.2", "the tree as a whole"),
            ("Alone: DAT-6.1.1", "1", "DAT-6.1.1", "db/1.sql:3"),
            ("Alone: DEP-5.4.1", "1", "DEP-5.4.1", "GET https://shop.example/ was answered by 500"),
        ] == [row[:4] for row in exhibit.rows]

    async def test_a_pipeline_that_is_there_is_no_cause(self):
        """
        The same failures in a tree that has a pipeline are not explained by its absence.
        """
        files = {".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: make\n", "test_a.py": ""}

        exhibit = await shown(failure("DEP-5.1.1"), failure("DEP-5.1.2"), files=files)

        assert not any("no CI pipeline" in row[0] for row in exhibit.rows)

    async def test_the_same_weakness(self):
        """
        A check that fails in files far apart is one weakness.
        """
        exhibit = await shown(
            failure("SEC-2.1.1", "a/x.py", 1, check="security-validator.injection", message="x"),
            failure("SEC-2.1.1", "b/y.py", 2, check="security-validator.injection", message="y"),
        )

        assert "The same weakness in several places (security-validator.injection)" == exhibit.rows[0][0]

    async def test_one_folder(self):
        """
        Three criteria that fail in one folder have the folder in common.
        """
        exhibit = await shown(*(failure(f"INF-1.1.{n}", f"k8s/{n}.yaml", 1) for n in (1, 2, 3)))

        assert ["One folder, k8s/"] == [row[0] for row in exhibit.rows]

    async def test_the_order_of_findings_does_not_matter(self):
        """
        Findings arrive in any order, and one that two phases repeat counts once.
        """
        found = [failure(f"INF-1.1.{n}", f"k8s/{n}.yaml", 1) for n in (1, 2, 3)] + [failure("DAT-6.1.1", "a.sql", 2)]

        assert (await shown(*found)).rows == (await shown(*reversed(found), found[0])).rows

    async def test_passes_have_no_cause(self):
        """
        What passed or is unknown is not grouped.
        """
        exhibit = await shown(failure("SEC-2.1.1", "a.py", 1, status=Status.PASS))

        assert () == exhibit.rows
        assert "Nothing failed before this." == exhibit.note
