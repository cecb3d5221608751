"""The environments of a release: who names them, what stands in them, and which may be production."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.environments import Environments, of_path

JOB = "on: push\njobs:\n  out:\n    runs-on: ubuntu-latest\n    environment: {}\n    steps:\n      - run: ./deploy.sh\n"
BUCKET = 'resource "aws_sqs_queue" "{}" {{\n}}\n'
GITLAB = (
    "out:\n  stage: deploy\n  script: ['terraform workspace select -or-create=true {}']\n  environment: {{name: {}}}\n"
)
SPACED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {}}}\n"


def of(files: dict[str, str]) -> Environments:
    return asked(Environments, facts_of(files))


class TestEnvironments:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("environments/prod/main.tf", ("prod", "folder")),
            ("envs/emea/main.tf", ("emea", "folder")),
            ("k8s/overlays/staging/eu/web.yaml", ("staging", "folder")),
            ("k8s/overlays/base/web.yaml", ("", "")),
            ("envs/shared/vpc/main.tf", ("", "")),
            ("live/production/eu/main.tf", ("production", "folder")),
            ("terraform/modules/db/main.tf", ("", "")),
            ("chart/values-prod.yaml", ("prod", "file")),
            ("chart/values.uat.yaml", ("uat", "file")),
            ("chart/values-eu.yaml", ("", "")),
            ("chart/values.yaml", ("", "")),
            ("prod.tfvars", ("prod", "file")),
            ("envs/eu.tfvars", ("eu", "file")),
            ("envs/common.tfvars", ("", "")),
            (".env.production", ("production", "file")),
            ("appsettings.Staging.json", ("staging", "file")),
            ("src/main/resources/application-prod.yml", ("prod", "file")),
            ("config/environments/production.rb", ("production", "file")),
            ("compose.prod.yaml", ("prod", "file")),
            ("docker-compose.override.yml", ("local", "file")),
            ("production-line.yaml", ("", "")),
        ],
    )
    def test_by_path(self, path: str, expected: tuple[str, str]) -> None:
        """
        A folder among environments is one whatever it is called; elsewhere a folder or a file is one by its name.
        """
        assert expected == of_path(path)

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ({"envs/prod/a.tf": "locals {\n}\n"}, [("prod", "production", ("folder",))]),
            ({".github/workflows/a.yml": JOB.format("Production")}, [("production", "production", ("job",))]),
            ({".github/workflows/a.yml": JOB.format("pypi")}, []),
            (
                {".gitlab-ci.yml": GITLAB.format("qa", "review/shop")},
                [("qa", "rehearsal", ("workspace",)), ("review/shop", "development", ("job",))],
            ),
            (
                {"a.yaml": SPACED.format("shop-prod"), "envs/prod/a.tf": "locals {\n}\n"},
                [("prod", "production", ("folder", "namespace"))],
            ),
            ({"a.yaml": SPACED.format("shop")}, []),
            ({"app/demo/view.py": "x = 1\n", "tests/envs/prod/a.tf": "locals {\n}\n"}, []),
            ({"archive/envs/prod/a.tf": "locals {\n}\n"}, []),
        ],
    )
    def test_who_names_them(self, files: dict[str, str], expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
        """
        Folders, files, jobs, workspaces and namespaces name environments, each of them once.
        """
        told = of(files)

        assert expected == [(one.name, one.stage, one.forms) for one in told.parts]
        assert () == told.not_understood

    def test_what_stands_in_them(self) -> None:
        """
        What is declared below the folder of one, or in its namespace, stands in it.
        """
        deployment = (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop-staging}\nspec:\n"
            "  template:\n    spec:\n      containers: [{name: web, image: 'acme/web:1'}]\n"
        )
        told = of(
            {
                "envs/prod/a.tf": BUCKET.format("a"),
                "envs/staging/a.tf": BUCKET.format("b"),
                "a.tf": BUCKET.format("c"),
                "k8s/web.yaml": deployment,
            }
        )

        assert [("prod", ("aws_sqs_queue.a",)), ("staging", ("aws_sqs_queue.b", "Deployment web"))] == [
            (one.name, one.stands) for one in told.parts
        ]
        assert ["prod"] == [one.name for one in told.of_stage("production")]
        assert [] == told.of_stage("development")

    @pytest.mark.parametrize(
        ("files", "said"),
        [
            (
                {"envs/emea/a.tf": "locals {\n}\n"},
                "envs/emea/a.tf: nobody can tell whether environment emea is production",
            ),
            ({".github/workflows/a.yml": JOB.format("emea")}, "whether environment emea is production"),
            ({".github/workflows/a.yml": JOB.format("${{ inputs.to }}")}, "the environment of job out is computed"),
        ],
    )
    def test_what_nobody_can_tell(self, files: dict[str, str], said: str) -> None:
        """
        An environment of which nobody knows whether it is production is said with its place.
        """
        assert [True] == [said in str(problem) for problem in of(files).not_understood]

    def test_pages_are_no_question(self) -> None:
        """
        What hosts pages for a repository has a name of its own.
        """
        assert () == of({".github/workflows/a.yml": JOB.format("github-pages")}).not_understood
