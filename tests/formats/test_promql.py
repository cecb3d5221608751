"""PromQL becomes a small tree, and no expression breaks who reads it."""

from __future__ import annotations

import pytest

from orchestrator.errors import FormatError
from orchestrator.formats.promql import (
    CONSTANT,
    MAX_LENGTH,
    MAX_SIGNS,
    Aggregate,
    Binary,
    Call,
    Matcher,
    Number,
    Selector,
    Text,
    Window,
    balanced,
    fill,
    of_logs,
    parse,
    rebuilt,
    walk,
)
from orchestrator.formats.promql_text import show

UP = Selector("up")


class TestParse:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("1.5", Number(1.5)),
            ("-3", Number(-3)),
            ("((up))", UP),
            ("-up", Binary("*", Number(-1), UP)),
            ('{__name__="up"}', UP),
            ('up{job="a",b!~"c|d"}', Selector("up", (Matcher("job", "=", "a"), Matcher("b", "!~", "c|d")))),
            ('up{job=~"a",b!="c"}', Selector("up", (Matcher("job", "=~", "a"), Matcher("b", "!=", "c")))),
            ('{__name__=~"a|b"}', Selector("", (Matcher("__name__", "=~", "a|b"),))),
            ("rate(up[5m] offset 1w)", Call("rate", (Selector("up", (), 300, 604_800),))),
            ("max_over_time((up > 1)[1h:1m])", Call("max_over_time", (Window(Binary(">", UP, Number(1)), 3_600),))),
            ("sum by (job) (up)", Aggregate("sum", UP, None, ("job",))),
            ("sum without (job) (up)", Aggregate("sum", UP, None, ("job",), by=False)),
            ("quantile(0.9, up)", Aggregate("quantile", UP, Number(0.9))),
            ("up == bool 1", Binary("==", UP, Number(1), boolean=True)),
            ("up and on (job) up", Binary("and", UP, UP, on=("job",))),
            ("up and on () up", Binary("and", UP, UP, on=())),
            ("up and ignoring (job) up", Binary("and", UP, UP, ignoring=("job",))),
            ('label_replace(up, "a", "$1", "b", "c")', None),
            ("up == 0 # or vector(1)", Binary("==", UP, Number(0))),
            ('up{a="b#c"}', Selector("up", (Matcher("a", "=", "b#c"),))),
            ("holt_winters(up[1h], 0.5, 0.5)", None),
        ],
    )
    def test_each_form(self, expression: str, expected: object) -> None:
        """
        Parentheses and comments are gone, and what is left can be written again to the same tree.
        """
        tree = parse(expression)

        assert expected is None or expected == tree
        assert tree == parse(show(tree))
        assert show(tree) == show(parse(show(tree)))

    def test_texts_are_kept(self) -> None:
        """
        A text among the arguments is one.
        """
        tree = parse('label_replace(up, "a", "$1", "b", "c\\"d")')

        assert isinstance(tree, Call)
        assert Text("a") == tree.arguments[1]

    @pytest.mark.parametrize(
        ("expression", "said"),
        [
            ("up{", "no PromQL"),
            ("up == == 0", "no PromQL"),
            ("", "no PromQL"),
            ("sum(rate(x[5m]))) > 1", "no PromQL"),
            ("rate(up)", "no PromQL"),
            ("avg:system.cpu{*} by {host} > 5", "no PromQL"),
            ("1 > 2", CONSTANT),
            ('up{a="\ud800"}', "no PromQL"),
            ("u" * (MAX_LENGTH + 1), "more than 20,000 characters"),
            ("+".join(["up"] * (MAX_SIGNS + 2)), "more than 120 brackets"),
        ],
    )
    def test_what_is_none_is_said(self, expression: str, said: str) -> None:
        """
        What cannot be read is an honest error with its reason.
        """
        with pytest.raises(FormatError, match=said):
            parse(expression)

    def test_the_bounds_themselves_are_read(self) -> None:
        """
        So many signs and characters are still an expression.
        """
        assert MAX_SIGNS + 1 == sum(1 for n in walk(parse("+".join(["up"] * (MAX_SIGNS + 1)))) if n == UP)
        assert UP == parse("up".ljust(MAX_LENGTH))

    @pytest.mark.parametrize(
        "hostile",
        [
            "(" * 500_000 + "up" + ")" * 500_000,
            "(" * 4_000 + "up" + ")" * 4_000,
            "-" * 4_000 + "up",
            "sum(" * 4_000 + "up" + ")" * 4_000,
            "^".join(["up"] * 4_000),
            " and ".join(["up"] * 4_000),
            "up" + "[1h:1m]" * 2_500,
            "# `\n" + "(" * 4_000 + "up" + ")" * 4_000 + "# `",
            "# '\n" + "(" * 4_000 + "up" + ")" * 4_000 + "# '",
            'up{a="}"} + ' + "(" * 4_000 + "up" + ")" * 4_000,
            "{{" * 9_000,
            "${" * 9_000,
            'up{a=~"' + "(" * 5_000 + ")" * 5_000 + '"}',
            'up{a=~"((a{100}){100}){100}"}',
        ],
    )
    def test_nothing_breaks_it(self, hostile: str) -> None:
        """
        What would fell the parser is refused before it sees it, wherever the brackets hide.
        """
        with pytest.raises(FormatError):
            parse(hostile)


class TestFill:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("rate(x[$__rate_interval])", "rate(x[5m])"),
            ("rate(x[${window}])", "rate(x[5m])"),
            ("rate(x[[[window]]])", "rate(x[5m])"),
            ("rate(x[{{ .Values.window }}])", "rate(x[5m])"),
            ("rate(x[x])", "rate(x[5m])"),
            ("max_over_time(x[1h:$__interval])", "max_over_time(x[1h:])"),
            ('up{job="$job"} > {{ .Values.limit }}', 'up{job="filled_in"} > filled_in'),
            ('up{job=~"${job:regex}"}', 'up{job=~"filled_in"}'),
            ("rate(x[10m])", "rate(x[10m])"),
        ],
    )
    def test_templates(self, written: str, expected: str) -> None:
        """
        Where a template stands there is something afterwards that can be parsed, and no figure.
        """
        assert expected == fill(written)
        parse(written)


class TestLogs:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ('sum(rate({app="shop"} |= "panic" [5m])) > 0', 'sum (rate(log_lines{app="shop"}[5m])) > 0'),
            ('count_over_time({a="b"} | json | level=`error` [1m]) > 3', 'rate(log_lines{a="b"}[1m]) > 3'),
            ('bytes_rate({a="b"}[1m]) > 3', 'rate(log_lines{a="b"}[1m]) > 3'),
        ],
    )
    def test_what_is_asked_of_lines(self, written: str, expected: str) -> None:
        """
        The lines become a series, and all around them is judged like any other expression.
        """
        assert expected == show(parse(of_logs(written)))


class TestShow:
    @pytest.mark.parametrize(
        ("tree", "expected"),
        [
            (Selector("up", (), 90), "up[90s]"),
            (Selector("up", (), 7_200, -60), "up[2h] offset -1m"),
            (Selector("up", (), 0.5), "up[500ms]"),
            (Selector("a.b", (Matcher("c", "=", 'd"'),)), '{__name__="a.b",c="d\\""}'),
            (Number(float("inf")), "+Inf"),
            (Number(float("-inf")), "-Inf"),
            (Number(0.1), "0.1"),
            (Binary("-", UP, Binary("-", UP, UP)), "up - (up - up)"),
            (Window(UP, 3_600, 60), "(up)[1h:] offset 1m"),
        ],
    )
    def test_each_form(self, tree: Number | Selector | Binary | Window, expected: str) -> None:
        """
        Lengths are written in the largest unit that fits, sides in parentheses where they need them.
        """
        assert expected == show(tree)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(x[5m])", True),
        ("sum(x[5m)", False),
        ("sum(x[5m)]", False),
        ("sum(x))", False),
        ('x{a="("} # )', True),
        ("x |~ `(` > 1", True),
        ("x{a='(\\''}", True),
        ("", True),
    ],
)
def test_brackets(text: str, expected: bool) -> None:
    """
    Those in texts and comments are none.
    """
    assert expected is balanced(text)


def test_parts_are_changed() -> None:
    """
    What a node holds can be changed, whichever node it is; a parameter and a leaf stay.
    """
    tree = parse("sum(up) + abs(up) + max_over_time((up)[5m:]) > quantile(0.5, up)")

    assert tree.__class__ is rebuilt(tree, lambda inner: inner).__class__
    assert tree == rebuilt(tree, lambda inner: inner)
    assert Number(1) == rebuilt(Number(1), lambda inner: UP)
    assert Aggregate("quantile", Number(2), Number(0.5)) == rebuilt(parse("quantile(0.5, up)"), lambda _: Number(2))
