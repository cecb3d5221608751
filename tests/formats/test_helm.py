"""What becomes of the conditions and comments of templates."""

from __future__ import annotations

from orchestrator.formats.helm import OPEN, render

SCOPE = {"Values": {"on": True, "off": False}}
UNTOLD = 'lookup "v1" "Secret" "a" "b"'


def lines(*text: str) -> list[str]:
    return render("\n".join(text), SCOPE).text.split("\n")


class TestConditions:
    def test_a_whole_object_in_doubt(self):
        """
        An object under a condition that cannot be told is kept, and its lines are doubted; what follows is not.
        """
        rendered = render(f"a: 1\n{{{{ if {UNTOLD} }}}}\nb: 2\nc:\n  d: 3\n{{{{ end }}}}\ne: 4\n", SCOPE)

        assert ["a: 1", "b: 2", "c:", "  d: 3", "e: 4", ""] == rendered.text.split("\n")
        assert {3, 4, 5} == rendered.doubted

    def test_either_of_two_in_doubt(self):
        """
        Of two objects of which one is made, both are doubted.
        """
        rendered = render(f"{{{{ if {UNTOLD} }}}}\na: 1\n{{{{ else }}}}\nb: 2\n{{{{ end }}}}\nc: 3", SCOPE)

        assert ["a: 1", "b: 2", "c: 3"] == rendered.text.split("\n")
        assert {2, 4} == rendered.doubted

    def test_another_condition_in_doubt(self):
        """
        After a condition that cannot be told one that is false leaves its part out, and one that is true may hold.
        """
        text = (
            f"{{{{ if {UNTOLD} }}}}\na: 1\n{{{{ else if .Values.off }}}}\nb: 2\n"
            "{{ else if .Values.on }}\nc: 3\n{{ end }}"
        )
        rendered = render(text, SCOPE)

        assert {2, 6} == rendered.doubted
        assert "b: 2" not in rendered.text

    def test_a_part_in_doubt(self):
        """
        Inside an object the keys of such a part are open, and nothing stands in them.
        """
        assert ["a:", f"  b: {OPEN}", f"  e: {OPEN}", "  f: 5"] == lines(
            "a:", f"  {{{{ if {UNTOLD} }}}}", "  b:", "    c: 1", "    d: 2", "  e: 3", "  {{ end }}", "  f: 5"
        )

    def test_a_word_in_doubt(self):
        """
        A value that such a condition chooses is open.
        """
        assert [f"a: {OPEN}"] == lines(f"a: {{{{ if {UNTOLD} }}}}one{{{{ end }}}}")
        assert ["a: one"] == lines("a: {{ if .Values.on }}one{{ end }}")

    def test_without_marks(self):
        """
        Where marks do not fit, a part in doubt is left out.
        """
        text = f"a:\n  {{{{ if {UNTOLD} }}}}\n  b: 1\n  {{{{ end }}}}\n  c: 2"

        assert "a:\n  c: 2" == render(text, SCOPE, mark=False).text

    def test_what_is_known(self):
        """
        Nothing is doubted where the values decide.
        """
        rendered = render("{{ if .Values.on }}\na: 1\n{{ else }}\nb: 2\n{{ end }}", SCOPE)

        assert "a: 1" == rendered.text
        assert frozenset() == rendered.doubted


class TestComments:
    def test_over_many_lines(self):
        """
        A comment with actions in it is no part of a template, and the lines after it keep their numbers.
        """
        rendered = render("a: 1\n{{- /* b: {{ .Values.on }}\nc: 2\n*/ -}}\nd: 3", SCOPE)

        assert [(1, "a: 1"), (5, "d: 3")] == [
            (n, t) for n, t in zip(rendered.lines, rendered.text.split("\n"), strict=True) if t
        ]

    def test_without_end(self):
        """
        What opens a comment and does not close it hides nothing.
        """
        assert "a: 1" == render("a: 1\n{{/* b: 2", SCOPE).text.split("\n")[0]
        assert "c: 3" in render("a: 1\n{{/* b */ x }}\nc: 3", SCOPE).text
