"""Parsing is bounded, whatever it is given, and says why it gave up."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.code import judge_of
from orchestrator.evidence.inforce.code.grammars import GRAMMARS
from orchestrator.evidence.inforce.code.syntax import MAX_BYTES, MAX_DEPTH, Syntax, Unread

COMMENT = b"// a\n"
SETS = (
    *("comments", "strings", "inserts", "blocks", "leaves", "handlers", "functions", "declared", "ifs", "unless"),
    *("elses", "shorts", "calls", "sets", "values"),
)
DEFAULTS = {"interpolation", "else_clause", "string", "binary_expression", "assignment_expression", "call_expression"}


class TestGrammars:
    @pytest.mark.parametrize("language", GRAMMARS)
    def test_every_type_is_one_of_the_language(self, language):
        """
        A row names no node that its grammar does not have, but for what all rows have in common.
        """
        grammar = GRAMMARS[language]
        named = {name for field in SETS for name in getattr(grammar, field)} - DEFAULTS - {"block"}
        if language in ("javascript", "typescript", "tsx"):
            named -= {"field_definition", "public_field_definition"}  # one of them is the other's

        assert set() == {name for name in named if grammar.language.id_for_node_kind(name, True) is None}


class TestBounds:
    def test_size(self):
        """
        A file at the bound is read, and one byte more is too long.
        """
        fits = COMMENT * (MAX_BYTES // len(COMMENT))

        assert "program" == Syntax(fits, GRAMMARS["javascript"]).root.type
        with pytest.raises(Unread, match=r"longer than 1,000,000 bytes"):
            Syntax(fits + b" ", GRAMMARS["javascript"])

    def test_depth(self):
        """
        A place that lies too deep has no way to it, and no judgement.
        """
        deep = b"(" * MAX_DEPTH + b"call()" + b")" * MAX_DEPTH
        place = deep.index(b"call")

        with pytest.raises(Unread, match=r"nested too deeply"):
            Syntax(deep, GRAMMARS["javascript"]).way(place)
        force = judge_of(deep, "a.js", "javascript").judge(place, place + 4)
        assert "cannot be told to run, since the code is nested too deeply" == force.reason

    def test_work(self, monkeypatch):
        """
        A file that takes the parser too many steps is given up, and what stands in it cannot be told.
        """
        monkeypatch.setattr("orchestrator.evidence.parsing._REPORTS", (3, 0.0))
        program = b"a(1);\n" * 2_000

        force = judge_of(program, "a.js", "javascript").judge(6, 10)

        assert "cannot be told to run, since the file is too hard to parse" == force.reason

    def test_a_mistake_elsewhere_is_nothing(self):
        """
        What stands apart from a syntax error is judged as ever.
        """
        program = b"function a() { if (((( }\n\nfunction b() { call() }\n"
        at = program.index(b"call")

        assert judge_of(b"b()\n\nx = {{;\n", "a.js", "javascript").judge(0, 3)
        assert not judge_of(program, "a.js", "javascript").judge(at, at + 4).is_void


class TestJudges:
    @pytest.mark.parametrize(
        ("path", "language", "line", "running"),
        [
            ("a.js", "javascript", b"go() // x", b"go()     "),
            ("a.js", "javascript", b"go('//x')", b"go('//x')"),
            ("a.js", "javascript", b"/* x */ go() /* y */", b"        go()        "),
            ("a.rb", "ruby", b"go # x", b"go    "),
            ("a.sh", "shell", b'go "#x" # y', b'go "#x"    '),
            ("a.vue", "vue", b"<p>//x</p><!-- y -->", b"<p>//x</p>          "),
            ("a.html", "html", b"<!-- x -->", b"          "),
            ("a.c", "c", b"// x", b"    "),
            ("a.sql", "sql", b"-- x", b"    "),
            ("conf.ini", "", b"# x", b"   "),
            ("Gemfile", "", b"gem 'x' # y", b"gem 'x'    "),
        ],
    )
    def test_comments_do_not_run(self, path, language, line, running):
        """
        A line is searched without its comments, and keeps its length.
        """
        assert running == judge_of(line, path, language).running(0, len(line))

    @pytest.mark.parametrize("language", ["c", "dart", "groovy", "haskell", "perl"])
    def test_a_language_that_nobody_reads(self, language):
        """
        Of a program in it nothing can be told, and the reason names it.
        """
        force = judge_of(b"go();", "a.x", language).judge(0, 2)

        assert f"cannot be told to run, since gonogo does not read the syntax of {language}" == force.reason
        assert not force.is_void

    @pytest.mark.parametrize("language", ["html", "css", "sql", ""])
    def test_what_does_not_run_is_in_force(self, language):
        """
        Markup and text are no programs: what stands there, stands.
        """
        assert judge_of(b"go();", "a.x", language).judge(0, 2)
