"""Pipelines of every system come out in one shape, with lines."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.pipelines import Pipeline, Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import MemoryTree

GITHUB = """name: Build
on:
  push:
    branches: [main]
    tags: ["v*"]
  pull_request:
  workflow_dispatch:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Unit tests
        run: |
          make test
  deploy:
    needs: test
    environment:
      name: production
    if: github.ref == 'refs/heads/main'
    steps:
      - run: kubectl apply -f k8s
  scan:
    uses: ./.github/workflows/scan.yml
"""

GITLAB = """stages: [test, deploy]
include:
  - template: Security/SAST.gitlab-ci.yml
.base:
  before_script:
    - pip install -r requirements.txt
unit:
  extends: .base
  stage: test
  script:
    - pytest
    - [coverage report, coverage xml]
deploy:
  stage: deploy
  environment: production
  when: manual
  needs: [unit]
  script: ./deploy.sh
"""

CASES: dict[str, tuple[str, str, tuple[str, ...], list[tuple[str, str, int]]]] = {
    ".github/workflows/build.yml": (
        GITHUB,
        "github",
        ("push", "pull_request", "tag", "manual"),
        [
            ("test", "actions/checkout@v4", 12),
            ("test", "make test\n", 15),
            ("deploy", "kubectl apply -f k8s", 22),
            ("scan", "./.github/workflows/scan.yml", 24),
        ],
    ),
    ".gitlab-ci.yml": (
        GITLAB,
        "gitlab",
        ("push", "pull_request"),
        [
            ("include", "Security/SAST.gitlab-ci.yml", 3),
            ("unit", "pip install -r requirements.txt", 6),
            ("unit", "pytest", 11),
            ("unit", "coverage report", 12),
            ("unit", "coverage xml", 12),
            ("deploy", "./deploy.sh", 18),
        ],
    ),
    ".circleci/config.yml": (
        "jobs:\n  build:\n    steps:\n      - checkout\n      - run: npm test\n      - run:\n          name: Lint\n"
        "          command: npm run lint\nworkflows:\n  main:\n    jobs:\n      - build\n      - hold:\n"
        "          type: approval\n          requires: [build]\n",
        "circleci",
        ("push", "pull_request"),
        [("build", "checkout", 4), ("build", "npm test", 5), ("build", "npm run lint", 8)],
    ),
    ".travis.yml": (
        "language: go\ndeploy:\n  provider: heroku\n",
        "travis",
        ("push", "pull_request"),
        [("build", "go test ./...", 1), ("build", "deploy:heroku", 2)],
    ),
    "azure-pipelines.yml": (
        "trigger: [main]\npr: none\nstages:\n- stage: Ship\n  jobs:\n  - deployment: web\n    environment: prod\n"
        "    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - script: ./deploy.sh\n",
        "azure",
        ("push",),
        [("web", "./deploy.sh", 12)],
    ),
    "cloudbuild.yaml": (
        "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, app, .]\n",
        "cloudbuild",
        ("other",),
        [("build", "build -t app .", 2)],
    ),
    "bitbucket-pipelines.yml": (
        "pipelines:\n  default:\n    - step:\n        name: Test\n        script:\n          - npm test\n  custom:\n"
        "    release:\n      - step:\n          deployment: production\n          trigger: manual\n          script:\n"
        "            - pipe: atlassian/aws-s3-deploy:1\n",
        "bitbucket",
        ("push", "manual"),
        [("Test", "npm test", 6), ("custom", "atlassian/aws-s3-deploy:1", 13)],
    ),
    ".buildkite/pipeline.yml": (
        "steps:\n  - label: Test\n    command: make test\n    plugins:\n      - docker#v5: {image: go}\n"
        "  - block: Release?\n",
        "buildkite",
        ("push", "pull_request"),
        [("Test", "make test", 3), ("Test", "docker#v5", 4)],
    ),
    ".drone.yml": (
        "kind: pipeline\nsteps:\n- name: test\n  image: golang\n  commands:\n  - go test ./...\ntrigger:\n"
        "  event: [push, cron]\n",
        "drone",
        ("push", "schedule"),
        [("test", "go test ./...", 6)],
    ),
    "Jenkinsfile": (
        "pipeline {\n  triggers { cron('H 4 * * *') }\n  stages {\n    stage('Test') {\n"
        "      steps { sh 'make test' }\n    }\n"
        "    stage('Deploy') {\n      input { message 'Go?' }\n      steps {\n        sh '''\n          ./deploy.sh\n"
        "          ./check.sh\n        '''\n      }\n    }\n  }\n}\n",
        "jenkins",
        ("push", "schedule"),
        [("Test", "make test", 5), ("Deploy", "./deploy.sh\n./check.sh", 11)],
    ),
}


def read(files: dict[str, str]) -> Pipelines:
    fact = read_tree(MemoryTree(files), [PipelinesReader()])[Pipelines]
    assert isinstance(fact, Pipelines)
    return fact


def only(path: str) -> Pipeline:
    return read({path: CASES[path][0]}).files[0]


class TestPipelinesReader:
    @pytest.mark.parametrize("path", CASES)
    def test_every_system_comes_out_in_one_shape(self, path: str) -> None:
        """
        The system, what starts it, and each step with its job and line are told.
        """
        _, system, triggers, steps = CASES[path]
        found = read({path: CASES[path][0]})

        assert system == found.files[0].system
        assert triggers == found.files[0].triggers
        assert steps == [(j.id, s.run or s.uses, s.line) for _, j, s in found.steps()]
        assert () == found.problems

    def test_jobs_say_what_they_wait_for_and_where_they_deploy(self) -> None:
        """
        Needs, environment, condition, stage and manual gates are kept.
        """
        github, gitlab = only(".github/workflows/build.yml"), only(".gitlab-ci.yml")
        circle, jenkins = only(".circleci/config.yml"), only("Jenkinsfile")

        deploy = github.jobs[1]
        assert (("test",), "production") == (deploy.needs, deploy.environment)
        assert "github.ref == 'refs/heads/main'" == deploy.condition
        assert (True, "deploy", "production") == (
            gitlab.jobs[2].manual,
            gitlab.jobs[2].stage,
            gitlab.jobs[2].environment,
        )
        assert [("hold", True, ("build",))] == [(j.id, j.manual, j.needs) for j in circle.jobs if j.manual]
        assert [False, True] == [j.manual for j in jenkins.jobs]

    def test_a_composite_action_counts_where_a_workflow_reaches_it(self) -> None:
        """
        Steps behind a local action are found; an action that is published for others is not a pipeline.
        """
        action = "runs:\n  using: composite\n  steps:\n    - run: make lint\n"
        caller = "on: push\njobs:\n  a:\n    steps:\n      - uses: ./ci/setup\n"
        reached = read({"ci/setup/action.yml": action, ".github/workflows/a.yml": caller})

        assert ["make lint"] == [s.run for _, _, s in reached.steps() if s.run]
        assert () == read({"action.yml": action}).files

    @pytest.mark.parametrize(
        "text",
        [
            "on: push\njobs:\n  a: [\n",
            "- a\n- b\n",
            "name: no jobs\n",
            "a: &a [x, x, x]\n"
            + "".join(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}]\n" for n in range(3))
            + "jobs: *nope\n",
        ],
    )
    def test_what_is_no_workflow_is_a_problem(self, text: str) -> None:
        """
        A malformed workflow is told, so that nothing passes on what could not be read.
        """
        found = read({".github/workflows/a.yml": text})

        assert () == found.files
        assert 1 == len(found.problems)

    def test_a_workflow_of_huge_aliases_stays_small(self) -> None:
        """
        What aliases repeat is cut before it fills the record.
        """
        step = "x" * 3_000
        text = f"on: push\nstep: &s\n  run: {step}\njobs:\n  a:\n    steps: [{', '.join(['*s'] * 20_000)}]\n"

        assert 250_000 > len(read({".github/workflows/a.yml": text}).model_dump_json())

    def test_pipelines_of_examples_and_vendored_code_are_left_out(self) -> None:
        """
        Only pipelines that run for this tree count.
        """
        text = CASES["cloudbuild.yaml"][0]

        assert () == read({"examples/cloudbuild.yaml": text, "vendor/x/.github/workflows/a.yml": GITHUB}).files
