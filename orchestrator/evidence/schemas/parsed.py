"""One table while its declarations are still being gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class ParsedColumn:
    """One column under construction."""

    title: str
    type: str = ""
    line: int = 0
    nullable: bool | None = None
    unique: bool = False
    primary: bool = False
    references: str = ""
    on_delete: str = ""
    indexed: bool = False
    with_others: bool = False
    enforced: bool = True
    checked: bool = False


@dataclass(slots=True)
class ParsedTable:
    """One table under construction; ``columns`` by their lower-cased names."""

    title: str
    path: str
    line: int
    framework: str
    columns: dict[str, ParsedColumn] = field(default_factory=dict)
    checks: int = 0
    unique_sets: int = 0
    indexes: int = 0
    partial: bool = False
    named: dict[str, Callable[[], None]] = field(default_factory=dict)
    """What takes back a constraint or an index, by its lower-cased name."""

    def add(self, column: ParsedColumn) -> None:
        self.columns[column.title.lower()] = column

    def find(self, title: str) -> ParsedColumn | None:
        """The column called *title*, or the relation whose column it is (``owner`` for ``owner_id``)."""
        title = title.lower()
        return self.columns.get(title) or self.columns.get(title.removesuffix("_id"))

    def forget(self, name: str) -> None:
        """Take back the constraint or index of that name, if it is known."""
        undo = self.named.pop(name.lower(), None)
        if undo is not None:
            undo()

    def index(self, titles: Iterable[str], unique: bool = False) -> None:
        """An index or unique constraint over *titles*; only its first column can be looked up by it alone."""
        listed = list(titles)
        self.indexes += not unique
        self.unique_sets += unique
        for number, title in enumerate(listed):
            column = self.find(title)
            if column is None:
                continue
            column.indexed = column.indexed or number == 0
            column.unique = column.unique or (unique and len(listed) == 1)
            column.with_others = column.with_others or (unique and len(listed) > 1)
