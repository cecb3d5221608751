"""Writes a tree of PromQL as an expression again."""

from __future__ import annotations

from .promql import Aggregate, Binary, Call, Matcher, Node, Number, Selector, Text, Window


def show(node: Node) -> str:
    """*node* as PromQL; equal trees read alike."""
    match node:
        case Number():
            return _number(node.value)
        case Text():
            return _quoted(node.value)
        case Selector():
            length = f"[{_length(node.range)}]" if node.range else ""
            return f"{_named(node)}{length}{_offset(node.offset)}"
        case Window():
            return f"({show(node.inner)})[{_length(node.range)}:]{_offset(node.offset)}"
        case Call():
            return f"{node.function}({', '.join(map(show, node.arguments))})"
        case Aggregate():
            labels = (
                f" {'by' if node.by else 'without'} ({', '.join(node.labels)})" if node.labels or not node.by else ""
            )
            inner = [node.inner] if node.parameter is None else [node.parameter, node.inner]
            return f"{node.operator}{labels} ({', '.join(map(show, inner))})"
        case Binary():
            return f"{_side(node.left)} {node.sign}{_matching(node)} {_side(node.right)}"


def _named(node: Selector) -> str:
    matchers = ",".join(map(_matcher, node.matchers))
    if node.metric and _plain(node.metric):
        return f"{node.metric}{{{matchers}}}" if matchers else node.metric
    named = f"__name__={_quoted(node.metric)}" if node.metric else ""
    return f"{{{','.join(part for part in (named, matchers) if part)}}}"


def _plain(metric: str) -> bool:
    return metric.replace(":", "_").isidentifier() and metric.isascii()


def _matcher(matcher: Matcher) -> str:
    return f"{matcher.label}{matcher.sign}{_quoted(matcher.value)}"


def _side(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, Binary) else show(node)


def _matching(node: Binary) -> str:
    parts = [" bool"] if node.boolean else []
    if node.on is not None:
        parts.append(f" on ({', '.join(node.on)})")
    elif node.ignoring:
        parts.append(f" ignoring ({', '.join(node.ignoring)})")
    return "".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _number(value: float) -> str:
    return f"{value:.12g}" if abs(value) != float("inf") else ("+Inf" if value > 0 else "-Inf")


def _length(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    for unit, size in _UNITS:
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


def _offset(seconds: float) -> str:
    return f" offset {'-' if seconds < 0 else ''}{_length(abs(seconds))}" if seconds else ""


_UNITS = (("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000))
