"""What of pipelines is in force: for each system, the ways to switch something off, beside their twins that do not."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.pipelines import Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import MemoryTree

GITHUB = ".github/workflows/ci.yml"
JOB = "jobs:\n  build:\n    runs-on: ubuntu-latest\n{job}    steps:\n      - {step}\n"
RUN = "run: npm test"


def read(files: dict[str, str]) -> Pipelines:
    fact = read_tree(MemoryTree(files), [PipelinesReader()])[Pipelines]
    assert isinstance(fact, Pipelines)
    return fact


def told(path: str, text: str) -> str:
    """``yes`` where `npm test` is among the commands, ``late``, ``idle`` where it is not heeded; else why it is not."""
    fact = read({path: text, "src/app.js": "1\n"})
    found = [(j, s, c) for _, j, s in fact.steps() for c in s.commands if c.plain == "npm test"]
    if found:
        job, step, command = found[0]
        late = job.after_failure or step.after_failure
        return "late" if late else "yes" if command.heeded else "idle"
    return "void" if all(aside.void for aside in fact.aside) else "unknown"


def github(on: str = "on: push\n", job: str = "", step: str = RUN) -> str:
    return on + JOB.format(job=job, step=step)


GITHUBS = [
    (github(), "yes"),
    (github(job="    if: false\n"), "void"),
    (github(job="    if: ${{ true }}\n"), "yes"),
    (github(job="    if: vars.X == 'y'\n"), "unknown"),
    (github(job="    if: failure()\n"), "late"),
    (github(job="    strategy: {matrix: {os: []}}\n"), "void"),
    (github(job="    strategy: {matrix: {os: [a]}}\n"), "yes"),
    (github(job="    continue-on-error: true\n"), "idle"),
    (github(job="    continue-on-error: false\n"), "yes"),
    (github(job="    continue-on-error: ${{ matrix.new }}\n"), "yes"),
    (github(step="{if: false, run: npm test}"), "void"),
    (github(step="{if: always(), run: npm test}"), "yes"),
    (github(step="{if: failure(), run: npm test}"), "late"),
    (github(step="{if: env.X == 'y', run: npm test}"), "unknown"),
    (github(step="{if: env.X == 'y', run: npm test, env: {X: y}}"), "yes"),
    (github(step="{continue-on-error: true, run: npm test}"), "idle"),
    (github(step="{run: npm test || true}"), "idle"),
    (github(step="{run: npm test --help}"), "void"),
    (github(step="{run: 'exit 0; npm test'}"), "void"),
    (github(step="{shell: python, run: npm test}"), "unknown"),
    (github(step="{shell: 'bash {0}', run: \"npm test\\nexit 0\"}"), "idle"),
    (github(step="{shell: 'bash -e {0}', run: \"npm test\\nexit 0\"}"), "yes"),
    (github(step="{shell: bash, run: npm test | tee log}"), "yes"),
    (github(step="{run: npm test | tee log}"), "idle"),
    (github(step="{shell: pwsh, run: npm test}"), "yes"),
    (github(step="{uses: nick-fields/retry@v3, with: {command: npm test}}"), "yes"),
    (github(step="{uses: actions/github-script@v7, with: {script: npm test}}"), "void"),
    (github("on: {pull_request: {types: [closed]}}\n"), "void"),
    (github("on: {push: {branches-ignore: ['**']}}\n"), "void"),
    (github("on: {push: {branches: [no-such]}}\n"), "unknown"),
    (github("on: {push: {paths: ['no/such/**']}}\n"), "void"),
    (github("on: {push: {paths: ['src/**']}}\n"), "yes"),
    (github("on: {push: {paths: ['*.js']}}\n"), "yes"),
    (github("on: {push: {paths: ['no/such/**']}, workflow_dispatch: {}}\n"), "yes"),
    (github("on: workflow_call\n"), "void"),
    (github("on: {schedule: [{cron: '0 0 31 2 *'}]}\n"), "void"),
    (github("on: {}\n"), "void"),
    ("on: push\njobs:\n  gate: {if: false, steps: []}\n  b: {needs: gate, steps: [{run: npm test}]}\n", "void"),
    ("on: push\njobs:\n  gate: {steps: []}\n  b: {needs: gate, steps: [{run: npm test}]}\n", "yes"),
    ("on: push\njobs:\n  g: {if: false, steps: []}\n  b: {needs: g, if: always(), steps: [{run: npm test}]}\n", "yes"),
    ("on: push\njobs:\n  g: {if: vars.X, steps: []}\n  b: {needs: g, steps: [{run: npm test}]}\n", "unknown"),
]

OTHERS = [
    (".gitlab-ci.yml", "t: {script: [npm test]}\n", "yes"),
    (".gitlab-ci.yml", ".t: {script: [npm test]}\nu: {script: [ls]}\n", "void"),
    (".gitlab-ci.yml", "t: {script: [npm test], when: never}\n", "void"),
    (".gitlab-ci.yml", "t: {script: [npm test], rules: [{when: never}]}\n", "void"),
    (".gitlab-ci.yml", "t: {script: [npm test], rules: [{if: $WANTED}]}\n", "unknown"),
    (".gitlab-ci.yml", "variables: {WANTED: 'no'}\nt: {script: [npm test], rules: [{if: $WANTED == 'yes'}]}\n", "void"),
    (".gitlab-ci.yml", "t: {script: [npm test], allow_failure: true}\n", "idle"),
    (".gitlab-ci.yml", "t: {script: [npm test], when: on_failure}\n", "late"),
    (".gitlab-ci.yml", "t: {before_script: [exit 0], script: [npm test]}\n", "void"),
    (".gitlab-ci.yml", "t: {script: [npm test || true]}\n", "idle"),
    (".gitlab-ci.yml", "t: {script: [ls], after_script: [npm test]}\n", "idle"),
    (".gitlab-ci.yml", "workflow: {rules: [{when: never}]}\nt: {script: [npm test]}\n", "void"),
    (".gitlab-ci.yml", ".b: {rules: [{when: never}]}\nt: {extends: .b, script: [npm test]}\n", "void"),
    (".circleci/config.yml", "jobs: {build: {steps: [{run: npm test}]}}\n", "yes"),
    (".circleci/config.yml", "jobs: {t: {steps: [{run: npm test}]}}\nworkflows: {w: {jobs: [t]}}\n", "yes"),
    (".circleci/config.yml", "jobs: {t: {steps: [{run: npm test}]}}\nworkflows: {w: {jobs: [u]}}\n", "void"),
    (
        ".circleci/config.yml",
        "jobs: {t: {steps: [{run: npm test}]}}\nworkflows: {w: {when: false, jobs: [t]}}\n",
        "void",
    ),
    (
        ".circleci/config.yml",
        "jobs: {t: {steps: [{run: npm test}]}}\nworkflows: {w: {when: << pipeline.parameters.on >>, jobs: [t]}}\n",
        "unknown",
    ),
    (
        ".circleci/config.yml",
        "jobs: {t: {steps: [{run: npm test}]}}\n"
        "workflows: {w: {when: {equal: [main, << pipeline.git.branch >>]}, jobs: [t]}}\n",
        "yes",
    ),
    (
        ".circleci/config.yml",
        "jobs: {t: {steps: [{run: npm test}]}}\n"
        "workflows: {w: {jobs: [{t: {filters: {branches: {ignore: /.*/}}}}]}}\n",
        "void",
    ),
    (
        ".circleci/config.yml",
        "jobs: {build: {steps: [{when: {condition: false, steps: [{run: npm test}]}}]}}\n",
        "void",
    ),
    (
        ".circleci/config.yml",
        "jobs: {build: {steps: [{unless: {condition: false, steps: [{run: npm test}]}}]}}\n",
        "yes",
    ),
    (".circleci/config.yml", "jobs: {build: {steps: [{run: {command: npm test, when: on_fail}}]}}\n", "late"),
    (".circleci/config.yml", "jobs: {build: {steps: [{run: {command: npm test, background: true}}]}}\n", "idle"),
    (".circleci/config.yml", "commands: {c: {steps: [{run: npm test}]}}\njobs: {build: {steps: [c]}}\n", "yes"),
    ("azure-pipelines.yml", "steps:\n- script: npm test\n", "yes"),
    ("azure-pipelines.yml", "steps:\n- script: npm test\n  enabled: false\n", "void"),
    ("azure-pipelines.yml", "steps:\n- script: npm test\n  condition: false\n", "void"),
    ("azure-pipelines.yml", "steps:\n- script: npm test\n  condition: failed()\n", "late"),
    ("azure-pipelines.yml", "steps:\n- script: npm test\n  condition: eq(variables.x, 1)\n", "unknown"),
    ("azure-pipelines.yml", "steps:\n- script: npm test\n  continueOnError: true\n", "idle"),
    ("azure-pipelines.yml", "steps:\n- script: |\n    npm test\n    ls\n", "idle"),
    ("azure-pipelines.yml", "steps:\n- script: |\n    ls\n    npm test\n", "yes"),
    ("azure-pipelines.yml", "jobs:\n- job: a\n  condition: false\n  steps:\n  - script: npm test\n", "void"),
    (
        "azure-pipelines.yml",
        "stages:\n- stage: a\n  condition: false\n  jobs:\n  - job: b\n    steps:\n    - script: npm test\n",
        "void",
    ),
    ("azure-pipelines.yml", "jobs:\n- job: a\n  strategy: {matrix: {}}\n  steps:\n  - script: npm test\n", "void"),
    ("azure-pipelines.yml", "steps:\n- task: Npm@1\n  inputs: {command: test}\n", "yes"),
    ("bitbucket-pipelines.yml", "pipelines:\n  default:\n  - step: {script: [npm test]}\n", "yes"),
    ("bitbucket-pipelines.yml", "pipelines:\n  default:\n  - step: {script: [exit 0, npm test]}\n", "void"),
    ("bitbucket-pipelines.yml", "definitions:\n  steps:\n  - step: {script: [npm test]}\npipelines: {}\n", "void"),
    ("bitbucket-pipelines.yml", "pipelines:\n  branches:\n    no-such:\n    - step: {script: [npm test]}\n", "unknown"),
    ("bitbucket-pipelines.yml", "pipelines:\n  branches:\n    main:\n    - step: {script: [npm test]}\n", "yes"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n", "yes"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n  if: 'false'\n", "void"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n  if: build.branch == 'main'\n", "yes"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n  if: build.env('X') == 'y'\n", "unknown"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n  skip: later\n", "void"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n  soft_fail: true\n", "idle"),
    (".buildkite/pipeline.yml", "steps:\n- command: npm test\n  parallelism: 0\n", "void"),
    (".drone.yml", "steps:\n- {name: t, commands: [npm test]}\n", "yes"),
    (".drone.yml", "steps:\n- {name: t, commands: [npm test], failure: ignore}\n", "idle"),
    (".drone.yml", "steps:\n- {name: t, commands: [npm test], when: {event: []}}\n", "void"),
    (".drone.yml", "steps:\n- {name: t, commands: [npm test], when: {branch: [no-such]}}\n", "unknown"),
    (".drone.yml", "steps:\n- {name: t, commands: [npm test], when: {status: [failure]}}\n", "late"),
    (".woodpecker.yml", "steps:\n- {name: t, commands: [npm test], when: {evaluate: 'false'}}\n", "void"),
    (".travis.yml", "script: npm test\n", "yes"),
    (".travis.yml", "if: false\nscript: npm test\n", "void"),
    (".travis.yml", "if: env(X) = y\nscript: npm test\n", "unknown"),
    (".travis.yml", "branches: {only: [no-such]}\nscript: npm test\n", "unknown"),
    ("cloudbuild.yaml", "steps:\n- name: node\n  entrypoint: npm\n  args: [test]\n", "yes"),
    ("cloudbuild.yaml", "steps:\n- name: node\n  script: npm test\n  allowFailure: true\n", "idle"),
    ("cloudbuild.yaml", "steps:\n- name: node\n  entrypoint: bash\n  args: [-c, 'npm test || true']\n", "idle"),
    ("Jenkinsfile", "stage('t') {\n  sh 'npm test'\n}\n", "yes"),
    ("Jenkinsfile", "stage('t') { when { expression { false } } steps { sh 'npm test' } }\n", "void"),
    ("Jenkinsfile", "stage('t') { when { expression { params.X } } steps { sh 'npm test' } }\n", "unknown"),
    ("Jenkinsfile", "stage('t') {\n  if (false) {\n    sh 'npm test'\n  }\n}\n", "void"),
    ("Jenkinsfile", "stage('t') {\n  // sh 'npm test'\n  /* sh 'npm test' */\n  sh 'ls'\n}\n", "void"),
    ("Jenkinsfile", "stage('t') {\n  echo \"sh 'npm test'\"\n  sh 'ls'\n}\n", "void"),
    ("Jenkinsfile", "stage('t') {\n  catchError {\n    sh 'npm test'\n  }\n}\n", "idle"),
    ("Jenkinsfile", "stage('t') {\n  sh(script: 'npm test', returnStatus: true)\n}\n", "idle"),
    ("Jenkinsfile", "post {\n  failure {\n    sh 'npm test'\n  }\n}\n", "late"),
    ("Jenkinsfile", 'stage(\'t\') {\n  sh """\n    npm test\n  """\n}\n', "yes"),
    (".cirrus.yml", "task: {script: npm test}\n", "yes"),
    (".cirrus.yml", "task: {only_if: 'false', script: npm test}\n", "void"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), GITHUBS)
def test_github(text: str, answer: str) -> None:
    """
    A workflow's job, step or command is in force, void, open, late or without weight, as it is written.
    """
    assert answer == told(GITHUB, text)


@pytest.mark.parametrize(("path", "text", "answer"), OTHERS)
def test_others(path: str, text: str, answer: str) -> None:
    """
    The same in the words of other systems.
    """
    assert answer == told(path, text)


class TestPipelines:
    def test_what_is_set_aside_is_named(self) -> None:
        """
        With its place, its name and the reason.
        """
        fact = read({GITHUB: github(job="    if: false\n"), "src/app.js": "1\n"})

        assert [f"{GITHUB}:3: job build never runs (`if: false`)"] == [str(aside) for aside in fact.aside]
        assert () == fact.files[0].jobs

    def test_called(self) -> None:
        """
        A reusable workflow counts where another one calls it, and is open where it cannot be told whether that starts.
        """
        inner = {".github/workflows/inner.yml": github("on: workflow_call\n")}
        call = "{on}jobs:\n  call:\n    uses: ./.github/workflows/inner.yml\n"
        used = read({**inner, GITHUB: call.format(on="on: push\n")})
        open_ = read({**inner, GITHUB: call.format(on="on: {push: {branches: [no-such]}}\n")})

        assert [GITHUB, ".github/workflows/inner.yml"] == [pipeline.path for pipeline in used.files]
        assert [False, False] == [aside.void for aside in open_.aside]
        assert [True] == [aside.void for aside in read(inner).aside]

    def test_what_starts_a_job(self) -> None:
        """
        A condition can leave a job some of the triggers of its pipeline, and none names them all.
        """
        files = read({GITHUB: github("on: [push, workflow_dispatch]\n", "    if: github.event_name == 'push'\n")}).files
        every = read({GITHUB: github("on: [push, workflow_dispatch]\n")}).files

        assert {"push", "tag"} == files[0].triggers_of(files[0].jobs[0])
        assert ((), {"push", "manual"}) == (every[0].jobs[0].starts, every[0].triggers_of(every[0].jobs[0]))

    def test_follows(self) -> None:
        """
        A workflow that another's end starts names it.
        """
        text = github("on: {workflow_run: {workflows: [CI], types: [completed]}}\n")

        assert ("CI",) == read({GITHUB: text}).files[0].follows

    @pytest.mark.parametrize(("needs", "at_once"), [("needs: []", True), ("needs: [a]", False), ("stage: b", False)])
    def test_at_once(self, needs: str, at_once: bool) -> None:
        """
        Waiting for nothing is said, and something else than not saying for what.
        """
        text = f"a: {{script: [ls]}}\nb:\n  script: [ls]\n  {needs}\n"

        assert at_once == read({".gitlab-ci.yml": text}).files[0].jobs[1].at_once

    def test_older_records(self) -> None:
        """
        Where commands were not told apart when it was recorded, they are told from what a step runs.
        """
        recorded = {
            "path": GITHUB,
            "system": "github",
            "jobs": [{"id": "a", "steps": [{"run": "exit 0\nls", "line": 4}]}],
        }
        fact = Pipelines.model_validate({"files": [recorded]})
        alive = Pipelines.model_validate(
            {"files": [{**recorded, "jobs": [{"id": "a", "steps": [{"run": "a\nls", "line": 4}]}]}]}
        )

        assert () == fact.steps()[0][2].commands
        assert [("a", 4), ("ls", 5)] == [(c.text, c.line) for c in alive.steps()[0][2].commands]
