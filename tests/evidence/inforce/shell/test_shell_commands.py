"""Which commands of a script run, and whether anybody heeds their failure."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.force import State
from orchestrator.evidence.inforce.shell import Manner, plain, read, read_together
from orchestrator.evidence.inforce.shell.script import MAX_COMMANDS
from orchestrator.evidence.inforce.shell.syntax import MAX_BYTES, MAX_OPENED

EACH = Manner()
LAST = Manner(errexit=False)
PIPES = Manner(pipefail=True)
VOID, UNKNOWN, RUNS = State.VOID, State.UNKNOWN, State.IN_FORCE


def of(script: str, manner: Manner = EACH) -> dict[str, tuple[State, bool]]:
    """Each command's force, and whether its failure is heeded."""
    return {c.text: (c.force.state, c.heeded) for c in read(script, manner).commands}


FORCES = [
    ("npm test", "npm test", RUNS),
    ("npm ci && npm test", "npm test", RUNS),
    ("exit 0\nnpm test", "npm test", VOID),
    ("exit\nnpm test", "npm test", VOID),
    ("exec true\nnpm test", "npm test", VOID),
    ("{ exit 0; }\nnpm test", "npm test", VOID),
    ("if :; then exit 0; fi\nnpm test", "npm test", VOID),
    ("(exit 0)\nnpm test", "npm test", RUNS),
    ("$(exit 0)\nnpm test", "npm test", RUNS),
    ("exit 0 | cat\nnpm test", "npm test", RUNS),
    ("npm test\nexit 0", "npm test", RUNS),
    ('[ -z "$WANTED" ] && exit 0\nnpm test', "npm test", UNKNOWN),
    ('[ -z "$WANTED" ] && exit 1\nnpm test', "npm test", RUNS),
    ('[ -z "$GITHUB_REF" ] && exit 0\nnpm test', "npm test", RUNS),
    ("git diff --quiet && exit 0\nnpm test", "npm test", RUNS),
    ("true || npm test", "npm test", VOID),
    ("false || npm test", "npm test", RUNS),
    ("false && npm test", "npm test", VOID),
    ("true && npm test", "npm test", RUNS),
    ("! false && npm test", "npm test", RUNS),
    ("! true && npm test", "npm test", VOID),
    ("if false; then npm test; fi", "npm test", VOID),
    ("if true; then echo; else npm test; fi", "npm test", VOID),
    ("if false; then echo; elif true; then npm test; fi", "npm test", RUNS),
    ("if true; then echo; elif true; then npm test; fi", "npm test", VOID),
    ("if make ready; then npm test; fi", "npm test", RUNS),
    ('if [ "$WANTED" = yes ]; then npm test; fi', "npm test", UNKNOWN),
    ('if [ "${{ vars.WANTED }}" = yes ]; then npm test; fi', "npm test", UNKNOWN),
    ('if [ "${{ github.ref }}" = refs/heads/main ]; then npm test; fi', "npm test", RUNS),
    ('if [ "$CI_COMMIT_BRANCH" = main ]; then npm test; fi', "npm test", RUNS),
    ('WANTED=no\nif [ "$WANTED" = yes ]; then npm test; fi', "npm test", VOID),
    ('WANTED=yes\nif [ "$WANTED" = yes ]; then npm test; fi', "npm test", RUNS),
    ('WANTED=$(date)\nif [ "$WANTED" = yes ]; then npm test; fi', "npm test", RUNS),
    ('read -r WANTED\nif [ "$WANTED" = yes ]; then npm test; fi', "npm test", RUNS),
    ("if [[ 1 -gt 2 ]]; then npm test; fi", "npm test", VOID),
    ("if [[ 3 -gt 2 ]]; then npm test; fi", "npm test", RUNS),
    ("if [[ a == b || c == c ]]; then npm test; fi", "npm test", RUNS),
    ("if [[ a == a && c == d ]]; then npm test; fi", "npm test", VOID),
    ("if [[ ! a == a ]]; then npm test; fi", "npm test", VOID),
    ('test -n "" && npm test', "npm test", VOID),
    ('test -z "" && npm test', "npm test", RUNS),
    ("[ -f Makefile ] && npm test", "npm test", RUNS),
    ("[ ] && npm test", "npm test", VOID),
    ("[ word ] && npm test", "npm test", RUNS),
    ("[ a = a -a b = c ] && npm test", "npm test", VOID),
    ("[ a = a -o b = c ] && npm test", "npm test", RUNS),
    ("while false; do npm test; done", "npm test", VOID),
    ("while true; do npm test; done", "npm test", RUNS),
    ("until true; do npm test; done", "npm test", VOID),
    ("for part in a b; do npm test; done", "npm test", RUNS),
    ("case prod in prod) npm test;; esac", "npm test", RUNS),
    ("case prod in dev) npm test;; esac", "npm test", VOID),
    ("case prod in *) echo;; prod) npm test;; esac", "npm test", VOID),
    ('case "$WANTED" in yes) npm test;; esac', "npm test", UNKNOWN),
    ('case "$CI_COMMIT_TAG" in v*) npm test;; esac', "npm test", RUNS),
    ("unused() { npm test; }", "npm test", VOID),
    ("used() { npm test; }\nused", "npm test", RUNS),
    ("used() { npm test; }\ntrap used EXIT", "npm test", RUNS),
    ('used() { npm test; }\n"$@"', "npm test", UNKNOWN),
    ("used() { return 0; npm test; }\nused", "npm test", VOID),
    ("used() { return 0; }\nused\nnpm test", "npm test", RUNS),
    ('used() { if [ "$1" = yes ]; then npm test; fi; }\nused no', "npm test", VOID),
    ('used() { if [ "$1" = yes ]; then npm test; fi; }\nused yes', "npm test", RUNS),
    ("bash -c 'npm test'", "npm test", RUNS),
    ("bash -c 'exit 0; npm test'", "npm test", VOID),
    ("false && bash -c 'npm test'", "npm test", VOID),
    ("bash <<EOF\nnpm test\nEOF", "npm test", RUNS),
    ('ssh host "npm test"', "npm test", RUNS),
    ("result=$(npm test)", "npm test", RUNS),
    ("npm test )", "npm test", UNKNOWN),
]


@pytest.mark.parametrize(("script", "command", "state"), FORCES)
def test_force(script: str, command: str, state: State) -> None:
    """
    A command is in force where it can run, void where it cannot, and unknown where a setting decides.
    """
    assert state is of(script)[command][0]


@pytest.mark.parametrize(
    "script",
    [
        "cat <<EOF\nnpm test\nEOF",
        "# npm test",
        'echo "npm test"',
        "printf 'npm test'",
        ": npm test",
        "true npm test",
        "kubectl apply -f - <<< 'npm test'",
        "git commit -m 'npm test'",
    ],
)
def test_not_a_command(script: str) -> None:
    """
    What is said, quoted or commented out is no command that runs.
    """
    assert not any(state is RUNS and "npm test" == text for text, (state, _) in of(script).items())


HEEDED = [
    ("npm test", EACH, True),
    ("npm test", LAST, True),
    ("npm test\nls", EACH, True),
    ("npm test\nls", LAST, False),
    ("npm test\nexit 0", LAST, False),
    ("npm test\nexit $?", LAST, True),
    ("npm test\nexit", LAST, True),
    ("npm test; true", EACH, False),
    ("npm test\ntrue", EACH, True),
    ("npm test || true", EACH, False),
    ("npm test || echo failed", EACH, False),
    ("npm test || exit 1", EACH, True),
    ("npm test || exit 0", EACH, False),
    ("npm test || exit $?", EACH, True),
    ("npm test || { echo failed; exit 1; }", EACH, True),
    ("npm test || (echo failed && false)", EACH, True),
    ("npm test || (echo failed && true)", EACH, False),
    ("npm test || FAILED=1\nexit $FAILED", EACH, True),
    ("npm test || FAILED=1\nls", EACH, False),
    ("npm test || make undo", EACH, False),
    ("npm test && ls", EACH, True),
    ("npm test && echo fine", EACH, True),
    ("npm test && echo fine\nls", EACH, False),
    ("npm test && make it\nls", EACH, True),
    ("! npm test", EACH, False),
    ("npm test &", EACH, False),
    ("npm test | tee log", EACH, False),
    ("npm test | tee log", PIPES, True),
    ("set -o pipefail\nnpm test | tee log", EACH, True),
    ("npm test | tee log; exit ${PIPESTATUS[0]}", EACH, True),
    ("set +e\nnpm test\nls", EACH, False),
    ("set +o errexit\nnpm test\nls", EACH, False),
    ("set -e\nnpm test\nls", LAST, True),
    ("set -euo pipefail\nnpm test | tee log\nls", LAST, True),
    ("set +e\nnpm test\ncode=$?\nls\nexit $code", EACH, True),
    ("set +e\nnpm test\ncode=$?\nls", EACH, False),
    ("if npm test; then echo fine; fi", EACH, False),
    ("if ! npm test; then exit 1; fi", EACH, True),
    ("if npm test; then echo fine; else exit 1; fi", EACH, True),
    ("if npm test; then echo fine; else exit 0; fi", EACH, False),
    ("while npm test; do ls; done", EACH, False),
    ("check() { npm test; }\ncheck || true", EACH, False),
    ("check() { npm test; }\ncheck", EACH, True),
    ("bash -c 'npm test' || true", EACH, False),
    ("npm test", Manner(heeded=False), False),
]


@pytest.mark.parametrize(("script", "manner", "heeded"), HEEDED)
def test_heeded(script: str, manner: Manner, heeded: bool) -> None:
    """
    The failure of a command counts where it makes the script fail, in the manner in which that is run.
    """
    assert (RUNS, heeded) == of(script, manner)["npm test"]


class TestRead:
    def test_places_and_words(self) -> None:
        """
        A command has its line, its words as far as they are known, and the folder in which it runs.
        """
        first, second, third = read(
            "cd web/app\nTOOL=helm\n$TOOL upgrade \\\n  $NAME\n(cd ..; make)\nnpm test"
        ).commands

        assert ("helm upgrade $NAME", 2, "web/app") == (first.text, first.line, first.folder)
        assert ("helm", "upgrade", None) == first.words
        assert ("make", 4, "web") == (second.text, second.line, second.folder)
        assert ("npm test", 5, "web/app") == (third.text, third.line, third.folder)

    @pytest.mark.parametrize(
        ("step", "folder"), [("cd /tmp", None), ("cd $WHERE", None), ("cd ../..", None), ("cd .", "")]
    )
    def test_folders_that_cannot_be_told(self, step: str, folder: str | None) -> None:
        """
        Outside of the tree, and where only the run knows, there is none.
        """
        assert folder == read(f"{step}\nmake").commands[-1].folder

    def test_no_credential_is_filled_in(self) -> None:
        """
        Of variables, only what is harmless stands in their place.
        """
        script = "API_TOKEN=correcthorse\nMODE=fast\ncurl -H $API_TOKEN $MODE"

        assert "curl -H $API_TOKEN fast" == read(script).commands[0].text

    def test_templates(self) -> None:
        """
        What a CI system fills in first is kept as it is written, whatever signs stand in it.
        """
        text = "docker push shop:${{ format('{0}-{1}', github.sha, \"x\") }} << parameters.more >>"

        assert [text] == [c.text for c in read(text).commands]

    def test_macros(self) -> None:
        """
        Azure's variables are none of its commands.
        """
        script = "docker push shop:$(Build.BuildId)"

        assert [script] == list(of(script, Manner(macros=True)))
        assert "Build.BuildId" in of(script)

    @pytest.mark.parametrize(
        ("script", "is_read"),
        [
            ("# " + "x" * (MAX_BYTES - 2), True),
            ("# " + "x" * (MAX_BYTES - 1), False),
            ("# " + "(" * MAX_OPENED, True),
            ("# " + "(" * (MAX_OPENED + 1), False),
            ("( " * 400 + "ls" + " )" * 400, False),
            ("if x; then " * 200 + "ls" + "; fi" * 200, False),
        ],
    )
    def test_bounds(self, script: str, is_read: bool) -> None:
        """
        What is too long or too deep is not read, and that is said.
        """
        assert is_read == (not read(script).unread)

    def test_at_most(self) -> None:
        """
        So many commands of a script are kept; calls in calls come to an end.
        """
        assert MAX_COMMANDS >= len(read("a() { b; b; }\nb() { c; c; }\nc() { d; d; }\nd() { a; ls; }\na").commands)

    def test_together(self) -> None:
        """
        Scripts that one shell runs hang together; each has its own lines.
        """
        first, second = read_together(["exit 0", "ls\nnpm test"])

        assert ((), ()) == (first.commands, first.unread)
        assert [(0, VOID), (1, VOID)] == [(c.line, c.force.state) for c in second.commands]

    def test_too_long_together(self) -> None:
        """
        What is too long together is read one by one.
        """
        long = "# " + "x" * (MAX_BYTES - 10)

        assert [0, 1] == [len(script.commands) for script in read_together([long, "npm test"])]


@pytest.mark.parametrize(
    ("command", "bare"),
    [
        ("git commit -m 'helm upgrade shop'", 'git commit -m "…"'),
        ('docker push "shop:$TAG"', 'docker push "shop:$TAG"'),
        ("go test $(bash x; [ -n $(a) ] && b) -v", "go test $… -v"),
        ("echo `date -u`", "echo $…"),
    ],
)
def test_plain(command: str, bare: str) -> None:
    """
    What is said in quotes and more than one word, or comes from another command, is no part of a command.
    """
    assert bare == plain(command)


INSTEAD = [
    ("a || b", "b", (0, 0)),
    ("a || b", "a", None),
    ("a && b", "b", None),
    ("if ! a; then b; fi", "b", (0, 0)),
    ("if a; then b; fi", "b", None),
    ("if a; then c; else b; fi", "b", (0, 0)),
    ("if ! { a && c; }; then\n  b\n  exit 1\nfi", "b", (0, 0)),
    ("if ! {\n  a\n  c\n}; then\n  b\nfi", "b", (0, 3)),
    ('if [ "$X" = 1 ]; then b; fi', "b", None),
    ("back() { b; }\na\nc || back", "b", (2, 2)),
    ("a\nsh -c 'c || b'", "b", (1, 1)),
    ("c || sh -c 'a; b'", "b", (0, 0)),
]


@pytest.mark.parametrize(("script", "command", "instead"), INSTEAD)
def test_instead(script: str, command: str, instead: tuple[int, int] | None) -> None:
    """
    A command that runs only where another has failed knows the lines of that.
    """
    found = next(c for c in read(script).commands if c.text == command)

    assert instead == found.instead


LOOKED_AT = [
    ('code=$(ask)\n[ "$code" = 200 ] || exit 1', True),
    ('code=$(ask)\n[[ $code == 200 ]] || { echo "$code"; exit 1; }', True),
    ('code=$(ask)\nif [ "$code" != 200 ]; then\n  exit 1\nfi', True),
    ('code=$(ask)\n[ "$code" = 200 ]', True),
    ('[ "$(ask)" = 200 ] || exit 1', True),
    ("code=$(ask)\necho $code", False),
    ('code=$(ask)\nif [ "$code" != 200 ]; then echo bad; fi', False),
    ('code=$(ask)\nother=1\n[ "$other" = 200 ] || exit 1', False),
    ("ask", False),
]


@pytest.mark.parametrize(("script", "looked_at"), LOOKED_AT)
def test_looked_at(script: str, looked_at: bool) -> None:
    """
    What a command prints counts where the script fails by it.
    """
    found = next(c for c in read(script).commands if c.text == "ask")

    assert looked_at == found.looked_at


def test_several_assignments_on_a_line() -> None:
    """
    Assignments side by side do not swallow the command on the next line.
    """
    found = read('stage=$1 version=$2\nbefore=$(ask)\ndeploy "$version"').commands

    assert ["ask", 'deploy "$version"'] == [command.text for command in found]


@pytest.mark.parametrize(
    ("script", "heeded"),
    [
        ("if ! { a && c; }; then b; exit 1; fi", True),
        ("if ! { a && c; }; then b; fi", False),
        ("! { echo ${X}; a; } && exit 1", False),
    ],
)
def test_negated_groups(script: str, heeded: bool) -> None:
    """
    What stands in a group that is negated is heeded where its failure ends the script.
    """
    assert heeded == next(c for c in read(script).commands if c.text == "a").heeded
