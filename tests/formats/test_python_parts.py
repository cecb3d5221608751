"""The parts of a tree of Python are those that Python itself tells, in its order, and are found out once."""

from __future__ import annotations

import ast

from orchestrator.formats.python import children, walk

SOURCE = '''
@app.get("/orders/{n}")
async def order(n: int, *, db=None, **more) -> dict[str, int]:
    """What was ordered."""
    async with db.begin() as session:
        rows = [row async for row in session.stream(f"SELECT {n:>10}") if row and not row.void]
    match rows:
        case [{"id": first, **rest}, *_] if first > 1:
            return {**rest, "n": lambda x=1, /: -x}
    try:
        a, b = b, a = 1, 2
    except* ValueError as error:
        raise error from None
    global orders
    del orders[1:2, ...]
'''


class TestChildren:
    def test_what_python_tells(self):
        """
        Each node has the parts that the interpreter's own module gives it, however often it is asked.
        """
        nodes = list(ast.walk(ast.parse(SOURCE)))

        for _ in range(2):
            assert [list(ast.iter_child_nodes(node)) for node in nodes] == [children(node) for node in nodes]

    def test_found_out_once(self):
        """
        The second who asks is given the same list.
        """
        tree = ast.parse(SOURCE)

        assert children(tree) is children(tree)

    def test_says_nothing_of_it(self):
        """
        A tree that was looked through is written out as before.
        """
        tree = ast.parse(SOURCE)
        for node in walk(tree):
            children(node)

        assert ast.dump(ast.parse(SOURCE)) == ast.dump(tree)


class TestWalk:
    def test_in_pythons_order(self):
        """
        Everything in a tree, the nearest first.
        """
        tree = ast.parse(SOURCE)

        assert list(ast.walk(tree)) == list(walk(tree))
