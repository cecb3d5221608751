"""What of pipelines is in force that stands in several files: what is called, included, extended and referred to."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.pipelines import Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import MemoryTree

CI = ".github/workflows/ci.yml"
INNER = ".github/workflows/inner.yml"
ACTION = ".github/actions/check/action.yml"


def read(files: dict[str, str]) -> Pipelines:
    fact = read_tree(MemoryTree(files), [PipelinesReader()])[Pipelines]
    assert isinstance(fact, Pipelines)
    return fact


def told(files: dict[str, str], command: str = "npm test") -> str:
    """``yes`` where *command* is in force, ``late`` or ``idle`` where it is that; else why it is not."""
    fact = read(files)
    found = [(j, s, c) for _, j, s in fact.steps() for c in s.commands if c.plain == command]
    if found:
        job, step, one = found[0]
        return "late" if job.after_failure or step.after_failure else "yes" if one.heeded else "idle"
    return "void" if fact.aside and all(aside.void for aside in fact.aside) else "unknown"


def caller(uses: str = "./.github/workflows/inner.yml", more: str = "", on: str = "push") -> str:
    return f"on: {on}\njobs:\n  call:\n    uses: {uses}\n{more}"


def inner(inputs: str = "", condition: str = "", step: str = "") -> str:
    head = f"on:\n  workflow_call:\n    inputs:\n{inputs}" if inputs else "on: workflow_call\n"
    return f"{head}jobs:\n  b:\n{condition}    steps:\n      - run: npm test\n{step}"


def option(kind: str = "boolean", default: str = "") -> str:
    return f"      full: {{type: {kind}{f', default: {default}' if default else ''}}}\n"


IF = "    if: inputs.full\n"
OFF = "    with: {full: false}\n"
AGAIN = "  more:\n    uses: ./.github/workflows/inner.yml\n"
NEVER = "{rules: [{when: never}]}"
ONLY = "        if: inputs.full == 'yes'\n"


class TestGitHub:
    @pytest.mark.parametrize(
        ("call", "called", "answer"),
        [
            (caller(), inner(), "yes"),
            (caller(more="    if: false\n"), inner(), "void"),
            (caller(more="    if: vars.X\n"), inner(), "unknown"),
            (caller(on="workflow_call"), inner(), "void"),
            (caller(), inner(option(), IF), "void"),
            (caller(), inner(option(default="true"), IF), "yes"),
            (caller(more="    with: {full: true}\n"), inner(option(), IF), "yes"),
            (caller(more="    with: {full: false}\n"), inner(option(default="true"), IF), "void"),
            (caller(more="    with: {full: '${{ github.ref == 1 }}'}\n"), inner(option(), IF), "yes"),
            (caller(more="    with: {full: 'yes'}\n"), inner(option("string"), step=ONLY), "yes"),
            (caller(more="    with: {full: 'no'}\n"), inner(option("string"), step=ONLY), "void"),
            (caller(), inner(option("string", "'yes'"), step=ONLY), "yes"),
            (caller(), inner(option("number", "0"), IF), "void"),
            (caller(more="    with: {full: 3}\n"), inner(option("number"), IF), "yes"),
            (caller(more=OFF + AGAIN), inner(option(), IF), "void"),
            (caller(more=OFF + AGAIN + "    with: {full: true}\n"), inner(option(), IF), "yes"),
            (
                caller(more="    if: false\n    with: {full: true}\n  b:\n    uses: ./.github/workflows/inner.yml\n"),
                inner(option(), IF),
                "void",
            ),
        ],
    )  # fmt: skip
    def test_a_workflow_runs_as_its_callers_say(self, call: str, called: str, answer: str) -> None:
        """
        Its conditions come to what those in force that call it give it, or to its own defaults.
        """
        assert answer == told({CI: call, INNER: called})

    def test_nobody_who_is_called_by_nobody_calls(self) -> None:
        """
        A chain that no event begins runs nothing, however long it is.
        """
        middle = ".github/workflows/middle.yml"
        chain = {middle: caller(on="workflow_call"), INNER: inner()}

        assert "void" == told(chain)
        assert "yes" == told({**chain, CI: caller("./" + middle)})

    def test_inputs_go_through_two_calls(self) -> None:
        """
        What the middle one fixes, the last one gets.
        """
        middle = ".github/workflows/middle.yml"
        chain = {CI: caller("./" + middle), INNER: inner(option(default="true"), IF)}

        assert "void" == told({**chain, middle: caller(more="    with: {full: false}\n", on="workflow_call")})
        assert "yes" == told({**chain, middle: caller(on="workflow_call")})

    @pytest.mark.parametrize(
        ("uses", "answer"),
        [
            ("./.github/actions/check", "yes"),
            ("./.github/actions/check/", "yes"),
            ("acme/shop/.github/actions/check@main", "yes"),
            ("./.github/actions/other", "void"),
            ("actions/checkout@v4", "void"),
        ],
    )
    def test_an_action_counts_where_a_step_uses_it(self, uses: str, answer: str) -> None:
        """
        One that lies below .github, too; by its path or by the name of the repository.
        """
        action = "runs:\n  using: composite\n  steps:\n    - {run: npm test, shell: bash}\n"
        call = f"on: push\njobs:\n  a:\n    steps:\n      - uses: {uses}\n"

        assert answer == told({CI: call, ACTION: action})

    @pytest.mark.parametrize(
        ("given", "default", "answer"),
        [("", "", "void"), ("", "yes", "yes"), ("yes", "", "yes"), ("no", "yes", "void"), ("${{ x }}", "", "yes")],
    )
    def test_an_action_gets_its_inputs(self, given: str, default: str, answer: str) -> None:
        """
        A step of it that asks for one runs where the step that uses it gives that.
        """
        action = (
            f"inputs:\n  full: {{default: '{default}'}}\nruns:\n  using: composite\n  steps:\n"
            "    - {if: \"inputs.full == 'yes'\", run: npm test, shell: bash}\n"
        )
        more = f"        with: {{full: '{given}'}}\n" if given else ""
        call = f"on: push\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/check\n{more}"

        assert answer == told({CI: call, ACTION: action})

    def test_what_others_keep_cannot_be_told(self) -> None:
        """
        A workflow of another repository may do anything.
        """
        fact = read({CI: caller("acme/shared/.github/workflows/all.yml@v1")})

        assert ["job call is acme/shared/.github/workflows/all.yml@v1, which is not in the tree"] == [
            f"{a.what} {a.reason}" for a in fact.aside
        ]
        assert [False] == [a.void for a in fact.aside]


ROOT = ".gitlab-ci.yml"
TEST = "test:\n  script: [npm test]\n"


class TestGitLab:
    @pytest.mark.parametrize(
        ("files", "answer"),
        [
            ({ROOT: "include: ci/test.yml\n", "ci/test.yml": TEST}, "yes"),
            ({ROOT: "include: /ci/test.yml\n", "ci/test.yml": TEST}, "yes"),
            ({ROOT: "include: [{local: ci/test.yml}]\n", "ci/test.yml": TEST}, "yes"),
            ({ROOT: "include: {local: 'ci/*.yml'}\n", "ci/test.yml": TEST}, "yes"),
            ({ROOT: "include: {local: 'ci/$KIND.yml'}\n", "ci/test.yml": TEST}, "yes"),
            ({ROOT: "include: {local: 'ci/other-*.yml'}\n", "ci/test.yml": TEST}, "unknown"),
            ({ROOT: "a: {script: [ls]}\n", "ci/test.yml": TEST}, "void"),
            ({ROOT: "include: ci/a.yml\n", "ci/a.yml": "include: ci/b.yml\n", "ci/b.yml": TEST}, "yes"),
            ({ROOT: "include: ci/a.yml\n", "ci/a.yml": "include: ci/a.yml\n" + TEST}, "yes"),
            ({ROOT: "include: {local: ci/a.yml, rules: [{if: '1 == 2'}]}\n", "ci/a.yml": TEST}, "void"),
            ({ROOT: "include: {local: ci/a.yml, rules: [{if: $MINE}]}\n", "ci/a.yml": TEST}, "unknown"),
            ({ROOT: "include: {local: ci/a.yml, rules: [{if: $CI}]}\n", "ci/a.yml": TEST}, "yes"),
            ({ROOT: "include: ci/a.yml\nworkflow: {rules: [{when: never}]}\n", "ci/a.yml": TEST}, "void"),
            ({ROOT: "include: ci/a.yml\ntest: {when: never}\n", "ci/a.yml": TEST}, "void"),
            ({ROOT: "include: ci/a.yml\ntest: {allow_failure: true}\n", "ci/a.yml": TEST}, "idle"),
            ({ROOT: "include: ci/a.yml\ntest: {script: [ls]}\n", "ci/a.yml": TEST}, "unknown"),
            ({ROOT: "include: ci/a.yml\ntest: {extends: .t}\n", "ci/a.yml": ".t:\n  script: [npm test]\n"}, "yes"),
            ({ROOT: "include: ci/a.yml\ntest: {extends: .t}\n", "ci/a.yml": ".u:\n  script: [npm test]\n"}, "unknown"),
            (
                {ROOT: "include: ci/a.yml\nt: {extends: .t, script: [npm test]}\n", "ci/a.yml": ".t: {when: never}\n"},
                "void",
            ),
            ({ROOT: "test:\n  script: [!reference [.t, script]]\n.t: {script: [npm test]}\n"}, "yes"),
            ({ROOT: "test:\n  script: !reference [.t, script]\n.t: {script: [npm test]}\n"}, "yes"),
            ({ROOT: "test:\n  script: [!reference [.u, script], npm test]\n.t: {script: [ls]}\n"}, "unknown"),
            ({ROOT: "t:\n  script: [npm test]\n  rules: [!reference [.r, rules]]\n.r: " + NEVER}, "void"),
            ({ROOT: "t:\n  script: [npm test]\n  rules: [!reference [.r, rules]]\n.r: {rules: [{if: $CI}]}\n"}, "yes"),
            ({ROOT: "t:\n  script: [npm test]\n  rules: [!reference [.s, rules]]\n"}, "unknown"),
            ({ROOT: ".a:\n  script: [!reference [.a, script]]\nt: {extends: .a}\n"}, "unknown"),
            ({ROOT: "child: {trigger: {include: sub/.gitlab-ci.yml}}\n", "sub/.gitlab-ci.yml": TEST}, "yes"),
            ({ROOT: "child: {trigger: {include: [{local: ci/a.yml}]}}\n", "ci/a.yml": TEST}, "yes"),
            (
                {ROOT: "child: {when: never, trigger: {include: ci/a.yml}}\n", "ci/a.yml": TEST},
                "void",
            ),
            ({ROOT: "include: {project: a/b, file: c.yml}\n"}, "unknown"),
            ({ROOT: "include: https://a.example/b.yml\n"}, "unknown"),
            ({"ci/test.yml": TEST}, "unknown"),
        ],
    )  # fmt: skip
    def test_one_configuration(self, files: dict[str, str], answer: str) -> None:
        """
        All files are laid over each other, the one that includes last; what none of them leads to is void.
        """
        assert answer == told(files)

    def test_each_step_knows_its_file(self) -> None:
        """
        Jobs and commands have the place where they are written, in one pipeline with the order of its stages.
        """
        fact = read(
            {
                ROOT: "stages: [check, ship]\ninclude: ci/a.yml\nship: {stage: ship, script: [make]}\n",
                "ci/a.yml": ".b:\n  script:\n    - ls\nfirst: {stage: check, extends: .b}\n",
            }
        )

        (pipeline,) = fact.files
        assert ["first", "ship"] == [job.id for job in pipeline.jobs]
        assert ["ci/a.yml:4", f"{ROOT}:3"] == [str(pipeline.at(job)) for job in pipeline.jobs]
        assert ["ci/a.yml:3", f"{ROOT}:3"] == [str(pipeline.at(step)) for _, _, step in fact.steps()]

    def test_elsewhere(self) -> None:
        """
        What other projects keep is said; GitLab's own templates are known by their names.
        """
        fact = read({ROOT: "include:\n  - {template: Security/SAST.gitlab-ci.yml}\n  - {project: a/b, file: c.yml}\n"})

        assert [f"{ROOT}:3: include a/b:c.yml is not in the tree"] == [str(aside) for aside in fact.aside]
        assert ["Security/SAST.gitlab-ci.yml", "c.yml"] == [step.uses for _, _, step in fact.steps()]

    def test_hostile_references_end_soon(self) -> None:
        """
        References that double with each name, and includes in a circle.
        """
        doubled = "".join(
            f".a{n}:\n  script: [!reference [.a{n + 1}, script], !reference [.a{n + 1}, script]]\n" for n in range(30)
        )
        fact = read(
            {
                ROOT: f"include: [ci/a.yml, '{'*' * 500}']\n{doubled}t: {{extends: .a0}}\n",
                "ci/a.yml": f"include: {ROOT}\n",
            }
        )

        assert 4_000 > sum(len(step.commands) for _, _, step in fact.steps())


AZURE = "azure-pipelines.yml"
CALLED = "ci/t.yml"
JOB = "jobs:\n  - job: a\n    steps: [{script: npm test}]\n"
STAGE = "stages:\n  - stage: a\n    jobs:\n      - job: b\n        steps: [{template: t.yml}]\n"
ELSE = "steps:\n  - ${{ if {} }}:\n    - script: ls\n  - ${{ else }}:\n    - script: npm test\n"
SAID = "steps:\n  - script: ${{ parameters.run }}\n"
STEPS = "parameters:\n  - {name: full, type: boolean, default: false}\nsteps:\n  - script: npm test\n"
CHOSEN = "parameters: {full: no}\nsteps:\n  - ${{ if eq(parameters.full, 'yes') }}:\n      - script: npm test\n"


class TestAzure:
    @pytest.mark.parametrize(
        ("files", "answer"),
        [
            ({AZURE: "steps:\n  - template: ci/test.yml\n", "ci/test.yml": STEPS}, "yes"),
            ({AZURE: "steps:\n  - template: /ci/test.yml@self\n", "ci/test.yml": STEPS}, "yes"),
            ({AZURE: "steps:\n  - template: test.yml@shared\n", "ci/test.yml": STEPS}, "unknown"),
            ({AZURE: "steps:\n  - template: ci/other.yml\n", "ci/test.yml": STEPS}, "unknown"),
            ({AZURE: "trigger: none\nsteps:\n  - script: ls\n", "templates/test.yml": STEPS}, "unknown"),
            (
                {AZURE: "jobs:\n  - {job: a, condition: false, steps: [{template: ci/t.yml}]}\n", CALLED: STEPS},
                "void",
            ),
            (
                {AZURE: "jobs:\n  - template: ci/j.yml\n", "ci/j.yml": JOB},
                "yes",
            ),
            (
                {
                    AZURE: "stages:\n  - template: ci/s.yml\n",
                    "ci/s.yml": STAGE,
                    "ci/t.yml": STEPS,
                },
                "yes",
            ),
            ({AZURE: "extends:\n  template: ci/e.yml\n", "ci/e.yml": STEPS}, "yes"),
            ({AZURE: "extends: {template: ci/e.yml, parameters: {full: 'yes'}}\n", "ci/e.yml": CHOSEN}, "yes"),
            ({AZURE: "extends:\n  template: ci/e.yml\n", "ci/e.yml": CHOSEN}, "void"),
            ({AZURE: "steps:\n  - {template: ci/c.yml, parameters: {full: 'yes'}}\n", "ci/c.yml": CHOSEN}, "yes"),
            ({AZURE: "steps:\n  - {template: ci/c.yml, parameters: {full: 'no'}}\n", "ci/c.yml": CHOSEN}, "void"),
            ({AZURE: "steps:\n  - {template: ci/c.yml, parameters: {full: '$(x)'}}\n", "ci/c.yml": CHOSEN}, "void"),
            ({AZURE: "steps:\n  - ${{ if eq(variables.x, 'y') }}:\n    - script: npm test\n"}, "unknown"),
            ({AZURE: "steps:\n  - ${{ if true }}:\n    - script: npm test\n"}, "yes"),
            ({AZURE: ELSE.replace("{}", "true", 1)}, "void"),
            ({AZURE: ELSE.replace("{}", "false", 1)}, "yes"),
            ({AZURE: CHOSEN}, "unknown"),
            ({AZURE: "steps:\n  - {template: ci/t.yml, parameters: {run: npm test}}\n", CALLED: SAID}, "yes"),
            ({".azuredevops/templates/t.yml": STEPS}, "void"),
            ({".azuredevops/main.yml": "steps:\n  - script: npm test\n"}, "yes"),
            ({".azuredevops/main.yml": "steps:\n  - template: t.yml\n", ".azuredevops/t.yml": STEPS}, "yes"),
        ],
    )  # fmt: skip
    def test_templates(self, files: dict[str, str], answer: str) -> None:
        """
        What a pipeline takes in runs where it is taken, with what it is given; what nobody takes runs nowhere.
        """
        assert answer == told(files)

    def test_each_step_knows_its_file(self) -> None:
        """
        A step has the place where it is written, and comes in the order in which it runs.
        """
        fact = read(
            {
                AZURE: "steps:\n  - script: a\n  - template: ci/t.yml\n  - script: c\n",
                "ci/t.yml": "steps:\n  - script: b\n",
            }
        )

        (pipeline,) = fact.files
        assert [("a", f"{AZURE}:2"), ("b", "ci/t.yml:2"), ("c", f"{AZURE}:4")] == [
            (step.run, str(pipeline.at(step))) for _, _, step in fact.steps()
        ]

    def test_templates_that_take_themselves_end_soon(self) -> None:
        """
        In a circle, and two by two.
        """
        twice = "steps:\n  - template: t.yml\n  - template: t.yml\n  - script: npm test\n"
        fact = read({AZURE: "steps:\n  - template: ci/t.yml\n", "ci/t.yml": twice})

        assert 0 < len(fact.steps()) < 500

    def test_a_template_that_is_malformed(self) -> None:
        """
        What it brings cannot be told, and the rest of the pipeline is read.
        """
        main = "trigger: [main]\nstages:\n- template: pipelines/out.yml\n- stage: b\n  jobs:\n  - job: c\n    steps:\n"
        broken = "parameters:\n- {name: a, type: string}\nstages:\n- stage: a\n  jobs:\n  - job: b: c\n"
        fact = read({"azure-pipelines.yml": main + "    - script: npm test\n", "pipelines/out.yml": broken})

        assert ["npm test"] == [c.plain for _, _, step in fact.steps() for c in step.commands]
        assert [False] == [aside.void for aside in fact.aside]
        assert "cannot be read" in fact.aside[0].reason


CIRCLE = ".circleci/config.yml"
WHEN = "      - when: {condition: << parameters.full >>, steps: [{run: npm test}]}\n"
FULL = "    parameters: {full: {type: boolean, default: false}}\n    steps:\n" + WHEN
FLOW = "workflows:\n  w:\n    jobs:\n      - a{}\n"


class TestCircle:
    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            ("jobs:\n  a:\n" + FULL + FLOW.format(""), "void"),
            ("jobs:\n  a:\n" + FULL + FLOW.format(": {full: true}"), "yes"),
            ("jobs:\n  a:\n" + FULL + FLOW.format(": {full: true}\n      - a: {full: false}"), "unknown"),
            ("jobs:\n  a:\n" + FULL + FLOW.format(": {full: << pipeline.parameters.x >>}"), "unknown"),
            ("commands:\n  t:\n" + FULL + "jobs: {a: {steps: [t]}}\n" + FLOW.format(""), "void"),
            ("commands:\n  t:\n" + FULL + "jobs: {a: {steps: [t: {full: true}]}}\n" + FLOW.format(""), "yes"),
            ("commands: {t: {parameters: {c: {type: string}}, steps: [run: << parameters.c >>]}}\n"
             "jobs: {a: {steps: [t: {c: npm test}]}}\n" + FLOW.format(""), "yes"),
            ("orbs: {mine: {commands: {t: {steps: [run: npm test]}}}}\n"
             "jobs: {a: {steps: [mine/t]}}\n" + FLOW.format(""), "yes"),
            ("orbs: {mine: {jobs: {t: {steps: [run: npm test]}}}}\n" + FLOW.replace("a{}", "mine/t"), "yes"),
            ("orbs: {mine: {jobs: {t: {steps: [run: npm test]}}}}\n" + FLOW.replace("a{}", "other/t"), "unknown"),
        ],
    )  # fmt: skip
    def test_parameters_and_orbs(self, text: str, answer: str) -> None:
        """
        A job, a command or an orb of the file runs with what is given to it, by all who use it.
        """
        assert answer == told({CIRCLE: text})


class TestOthers:
    @pytest.mark.parametrize(
        ("path", "text", "said"),
        [
            ("Jenkinsfile", "@Library('shared@v1') _\nnode { sh 'ls' }\n", "library shared@v1 may run anything"),
            ("Jenkinsfile", "library identifier: 'shared'\nnode { sh 'ls' }\n", "library shared may run anything"),
            (
                "bitbucket-pipelines.yml",
                "pipelines:\n  default:\n    import: acme/shared:main:all\n",
                "import acme/shared:main:all is a pipeline",
            ),
        ],
    )
    def test_what_others_keep_cannot_be_told(self, path: str, text: str, said: str) -> None:
        """
        A library or a pipeline of another repository may do anything.
        """
        (aside,) = read({path: text}).aside

        assert f"{said}, which is not in the tree" == f"{aside.what} {aside.reason}"
        assert not aside.void
