"""Which stage of a release a file, a name or a job is of: one answer for all who ask."""

from __future__ import annotations

import re

import pytest

from orchestrator.evidence.stages import is_elsewhere, is_file_elsewhere, stage_of, stage_of_file, stage_of_work
from orchestrator.vocabulary import StageName, stage_names

NAMED = re.compile("|".join(row.word.replace("-", "[-_]?") for row in stage_names()))
PROGRAM = "app/{}/view.py"
SETTING = "k8s/{}/web.yaml"


class TestVocabulary:
    @pytest.mark.parametrize("row", stage_names(), ids=lambda row: row.word)
    def test_each_name(self, row: StageName) -> None:
        """
        The line of a name is of its stage, and of none with nonsense in its place.
        """
        assert row.stage == stage_of(row.line)
        assert row.stage != stage_of(NAMED.sub("zq", row.line))

    @pytest.mark.parametrize("row", stage_names(), ids=lambda row: row.word)
    def test_where_it_is_known(self, row: StageName) -> None:
        """
        A name that means other things as well is none in paths of programs, or in paths at all.
        """
        known = {
            "programs": row.stage if row.known_in == "programs" else None,
            "settings": row.stage if row.known_in != "names" else None,
            "names": row.stage,
        }

        assert known["programs"] == stage_of_file(PROGRAM.format(row.word))
        assert known["settings"] == stage_of_file(SETTING.format(row.word))
        assert known["settings"] == stage_of_file(f"config/environments/{row.word}.rb")
        assert known["names"] == stage_of(f"shop-{row.word}")
        assert (known["names"] != "production") == is_elsewhere(row.word)
        assert (known["settings"] in ("rehearsal", "development")) == is_file_elsewhere(SETTING.format(row.word))


class TestStageOf:
    @pytest.mark.parametrize(
        ("name", "stage"),
        [
            ("production", "production"),
            ("PROD_EU", "production"),
            ("prod2", "production"),
            ("shop.prod", "production"),
            ("non-prod", "rehearsal"),
            ("nonprod", "rehearsal"),
            ("non_production", "rehearsal"),
            ("pre.prod", "rehearsal"),
            ("prod-after-test", "production"),
            ("test-before-staging", "rehearsal"),
            ("live/staging/eu", "rehearsal"),
            ("staging/eu/prod", "production"),
            ("product", None),
            ("devops", None),
            ("delivery", None),
            ("latest", None),
            ("reviews", None),
            ("", None),
        ],
    )
    def test_names(self, name: str, stage: str | None) -> None:
        """
        A word counts as a whole; in one part production counts first, of several parts the innermost.
        """
        assert stage == stage_of(name)

    @pytest.mark.parametrize(
        ("path", "stage"),
        [
            ("settings/dev.py", "development"),
            ("config/environments/demo.rb", "development"),
            (".env.qa.js", "rehearsal"),
            ("appsettings.Staging.cs", "rehearsal"),
            ("app/settings_demo.py", "development"),
            ("app/models/review.rb", None),
            ("app/demo/view.py", None),
            ("lib/app_web/live/page.ex", None),
            ("scripts/demo/deploy.sh", "development"),
            ("db/qa/seed.sql", "rehearsal"),
            ("k8s/reviews/web.yaml", None),
        ],
    )
    def test_files(self, path: str, stage: str | None) -> None:
        """
        In paths of programs fewer names count, but for the settings of a program.
        """
        assert stage == stage_of_file(path)


class TestStageOfWork:
    @pytest.mark.parametrize(
        ("environment", "names", "path", "stage"),
        [
            ("production", ("deploy-staging",), "staging.yml", "production"),
            ("review/checkout", ("deploy",), "", "development"),
            ("github-pages", ("deploy-uat",), "", "rehearsal"),
            ("", ("deploy", "staging", "Deploy"), "", "rehearsal"),
            ("", ("test-and-deploy", "", "Deploy to production"), "", "production"),
            ("", ("deploy-test",), "", "development"),
            ("", ("ci",), "", None),
            ("", ("deploy",), ".github/workflows/staging.yml", "rehearsal"),
            ("", ("deploy",), ".github/workflows/test.yml", None),
            ("", ("deploy",), "staging/ci.yml", None),
            ("", ("release", "test"), "", "production"),
            ("", ("release",), "dev.yml", None),
            ("", ("released-dev",), "", "development"),
            ("", ("deploy",), "", None),
        ],
    )
    def test_jobs(self, environment: str, names: tuple[str, ...], path: str, stage: str | None) -> None:
        """
        What a job declares comes first, then what it is called, then its file; a release is no rehearsal.
        """
        assert stage == stage_of_work(environment, *names, path=path)
