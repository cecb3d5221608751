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
