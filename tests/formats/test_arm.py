"""Expressions in Azure's templates: what they are read as, and what nobody can work out."""

from __future__ import annotations

import pytest

from orchestrator.formats import arm
from orchestrator.formats.azure import Call, Expression, Name


class TestWritten:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("plain", "plain"),
            ("[open", "[open"),
            ("[[literal]", "[literal]"),
            ("['it''s']", "it's"),
            ("[3]", 3),
            ("[-1.5]", -1.5),
        ],
    )
    def test_texts_and_literals(self, text: str, value: object) -> None:
        assert value == arm.written(text)

    @pytest.mark.parametrize(
        ("text", "tree"),
        [
            ("[parameters('a')]", Call("parameters", ("a",))),
            ("[if(equals(parameters('a'), 'b'), 2, 1)]",
             Call("if", (Call("equals", (Call("parameters", ("a",)), "b")), 2, 1))),
            ("[resourceGroup().location]", Call("member", (Call("resourceGroup"), "location"))),
            ("[variables('a')[0].b]", Call("member", (Call("member", (Call("variables", ("a",)), 0)), "b"))),
            ("[concat( 'a' , 'b' )]", Call("concat", ("a", "b"))),
        ],
    )  # fmt: skip
    def test_calls(self, text: str, tree: Call) -> None:
        read = arm.written(text)

        assert isinstance(read, Expression)
        assert (tree, text) == (read.tree, str(read))

    @pytest.mark.parametrize(
        "text",
        [
            "[]",
            "[a]",
            "[a(]",
            "[a('b' 'c')]",
            "[a('b'))]",
            "[a()[0]",
            "[a().]",
            "[a('b]",
            "[%]",
            "[" + "a(" * 100 + ")" * 100 + "]",
            "[a(" + "1," * 3_000 + "1)]",
        ],
    )
    def test_what_is_not_valid_is_an_expression_that_nobody_knows(self, text: str) -> None:
        read = arm.written(text)

        assert read == text or (isinstance(read, Expression) and Name("") == read.tree)
