"""Of a signal counts what runs; the rest is set aside with its reason, and names are followed through the tree."""

from __future__ import annotations

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Signal
from orchestrator.evidence.facts.code import Code, Hits

AUDIT = Signal(id="t.audit", pattern=r"\baudit\.record\(")
WORD = Signal(id="t.word", words=("audit.record(",))
NOTE = Signal(id="t.note", pattern=r"audit\.record", comments=True)


def hits(files: dict[str, str], signal: Signal = AUDIT) -> Hits:
    code = facts_of(files, (signal,))[Code]
    assert isinstance(code, Code)
    return code[signal]


class TestCodeInForce:
    def test_what_runs_counts_and_the_rest_is_set_aside(self):
        """
        Each place is counted once: as found, as void, or as not to be told.
        """
        found = hits(
            {
                "a.js": "audit.record(1)\n// audit.record(2)\nif (false) audit.record(3)\n",
                "b.js": "if (config.audit) audit.record(4)\n",
            }
        )

        assert (1, 1, 2, 1) == (found.total, found.files, found.void, found.untold)
        assert [("a.js", 2, True), ("a.js", 3, True), ("b.js", 1, False)] == [
            (aside.path, aside.line, aside.void) for aside in found.aside
        ]
        assert "stands behind a condition that never comes true" == found.aside[1].reason

    def test_words_are_judged_like_patterns(self):
        """
        A plain word in a comment is none of the program.
        """
        assert [1, 0] == [hits({"a.go": text}, WORD).total for text in ("audit.record(1)\n", "// audit.record(1)\n")]

    def test_one_of_several_on_a_line_is_enough(self):
        """
        A line counts if one match on it runs, wherever the others stand.
        """
        assert 1 == hits({"a.js": "const s = 'audit.record(1)'; audit.record(2)\n"}).total

    def test_a_signal_that_asks_for_comments_gets_them(self):
        """
        Comments count where they are what is looked for.
        """
        assert 1 == hits({"a.js": "// audit.record\n"}, NOTE).total

    def test_a_function_that_another_file_calls(self):
        """
        What only this package can call is void while no other file says its name, also if a test does.
        """
        setup = "package web\n\nfunc setup() {\n\taudit.record(1)\n}\n"

        assert 0 == hits({"web/a.go": setup}).total
        assert 0 == hits({"web/a.go": setup, "web/a_test.go": "package web\n\nfunc f() { setup() }\n"}).total
        assert 1 == hits({"web/a.go": setup, "web/b.go": "package web\n\nfunc F() { setup() }\n"}).total

    def test_a_library_of_the_shell(self):
        """
        A function of a script counts where another script names it.
        """
        library = "backup() {\n  audit.record(1)\n}\n"

        assert 0 == hits({"lib.sh": library}).total
        assert 1 == hits({"lib.sh": library, "run.sh": ". ./lib.sh\nbackup\n"}).total

    def test_who_calls_a_function_of_a_script(self):
        """
        Another file that says its name may call it; one that declares such a name itself does not, nor does a test.
        """
        script = "function start() {\n  audit.record(1)\n}\n"

        assert 1 == hits({"a.js": script, "b.js": "start()\n"}).total
        assert 0 == hits({"a.js": script, "b.js": "function start() {}\n"}).total
        assert 2 == hits({"a.js": script, "b.js": script + "start()\n"}).total
        assert 0 == hits({"a.js": script, "test/a.test.js": "start()\n"}).total
        assert 0 == hits({"a.rb": "RUN = lambda do\n  audit.record(1)\nend\n", "b.rb": "RUN = proc { 1 }\n"}).total
        assert 1 == hits({"a.rb": "RUN = lambda do\n  audit.record(1)\nend\n", "b.rb": "RUN.call\n"}).total

    def test_who_reads_a_text(self):
        """
        A text of another name in another file, and the sign that ends it, are not who reads it.
        """
        text = "TEXT = <<~'TEXT'\n  audit.record(1)\nTEXT\n"

        assert 0 == hits({"a.rb": text, "b.rb": text}).total
        assert 0 == hits({"a.js": "const text = `\naudit.record(1)\n`\n", "b.js": "const text = `\nb\n`\n"}).total

    def test_who_calls_a_function_of_a_test(self):
        """
        Another test may, and so may the program.
        """
        tested = Signal(id="t.tested", pattern=r"audit\.record\(", roles=("test", "source"))
        script = {"test/a.test.js": "function start() {\n  audit.record(1)\n}\n"}

        assert 0 == hits(script, tested).total
        assert 1 == hits({**script, "test/b.test.js": "start()\n"}, tested).total
        assert 1 == hits({**script, "start.js": "start()\n"}, tested).total
