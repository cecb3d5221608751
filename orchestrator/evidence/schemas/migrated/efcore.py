"""Reads the tables that Entity Framework Core's migrations make."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...ddl import Change, ColumnChange, read_sql
from ...migrations import csharp
from ...migrations.called import Called, Calls, Code, flat
from ...tree import SourceFile

_PICKED = re.compile(r"\b\w+\.(\w+)")
_RULE = re.compile(r"ReferentialAction\.(\w+)")
_TYPE = re.compile(r"Column<([\w.?\[\]]+)>")
_RULES = {
    "Cascade": "CASCADE",
    "Restrict": "RESTRICT",
    "SetNull": "SET NULL",
    "SetDefault": "SET DEFAULT",
    "NoAction": "NO ACTION",
}


def changes(source: SourceFile) -> list[Change]:
    """What ``Up`` does, in order."""
    if "MigrationBuilder" not in source.text:
        return []
    calls = Calls(source)
    own = calls.parameters("Up")
    found: list[Change] = []
    for called in calls.of("Up"):
        found.extend(_changes(called, own, source))
    return found


def _changes(called: Called, own: list[str], source: SourceFile) -> Iterator[Change]:
    if called.owner not in own:
        return
    csharp.placed(called)
    name = _text(called, "name")
    table = _text(called, "table")
    titles = [ColumnChange(title) for title in _listed(called, "column") or _listed(called, "columns")]
    line = called.line
    if called.name == "Sql":
        yield from read_sql(next(iter(called.words), ""), line)
    elif called.name == "CreateTable":
        yield _made(called, name, source)
    elif called.name == "DropTable":
        yield Change("drop_table", name, line)
    elif called.name == "AddColumn":
        column = ColumnChange(name, _text(called, "type"), line, nullable=called.named.get("nullable") is True)
        yield Change("add_column", table, line, [column])
    elif called.name == "DropColumn":
        yield Change("drop_column", table, line, [ColumnChange(name)])
    elif called.name == "CreateIndex":
        yield Change("add_index", table, line, titles, unique=called.named.get("unique") is True, detail=name)
    elif called.name == "DropIndex":
        yield Change("drop_index", table, line, detail=name)
    elif called.name == "AddForeignKey":
        tied = Change("add_foreign_key", table, line, titles, detail=name, references=_text(called, "principalTable"))
        tied.on_delete = _on_delete(str(called.named.get("onDelete", "")))
        yield tied
    elif called.name in ("AddUniqueConstraint", "AddPrimaryKey"):
        detail = "PRIMARY KEY" if called.name == "AddPrimaryKey" else name
        yield Change("add_unique", table, line, titles, unique=True, detail=detail)
    elif called.name in ("AddCheckConstraint", "CreateCheckConstraint"):
        yield Change("add_check", table, line, detail=name)
    elif called.name.startswith("Drop") and called.name.endswith(("Key", "Constraint")):
        yield Change("drop_constraint", table, line, detail=name)
    elif called.name == "AlterColumn":
        opens = called.named.get("nullable") is True
        if "nullable" in called.named:
            detail = "DROP NOT NULL" if opens else ""
            yield Change("alter_column" if opens else "set_not_null", table, line, [ColumnChange(name)], detail=detail)


def _made(called: Called, name: str, source: SourceFile) -> Change:
    """``CreateTable("T", t => new { Id = t.Column<int>() }, constraints: t => { t.PrimaryKey(…); })``."""
    made = Change("create_table", name, called.line)
    for one in called.block or ():
        if one.name.partition("<")[0] == "Column":
            text = source.lines[one.line - 1] if 0 < one.line <= len(source.lines) else ""
            for title, kind in _columns(text):
                if not any(c.title == title for c in made.columns):
                    nullable = (
                        re.search(rf"\b{title}\s*=\s*\w+\.Column<[^;]{{0,400}}?nullable:\s*true", text) is not None
                    )
                    column = ColumnChange(title, kind, one.line, nullable=nullable and _ends(text, title))
                    made.columns.append(column)
            continue
        picked = _picked(one, source)
        if one.name == "PrimaryKey":
            made.constraints.append(Change("add_unique", name, one.line, picked, unique=True, detail="PRIMARY KEY"))
        elif one.name == "UniqueConstraint":
            made.constraints.append(Change("add_unique", name, one.line, picked, unique=True))
        elif one.name in ("CheckConstraint", "HasCheckConstraint"):
            made.constraints.append(Change("add_check", name, one.line))
        elif one.name == "ForeignKey":
            target = one.named.get("principalTable") or (one.given[1] if len(one.given) > 1 else "")
            tied = Change("add_foreign_key", name, one.line, picked, references=str(target))
            text = source.lines[one.line - 1] if 0 < one.line <= len(source.lines) else ""
            near = "\n".join(source.lines[one.line - 1 : one.line + 6]) if "ReferentialAction" not in text else text
            tied.on_delete = _on_delete(str(one.named.get("onDelete", "")) or near)
            made.constraints.append(tied)
    return made


def _picked(one: Called, source: SourceFile) -> list[ColumnChange]:
    """The columns that the function picks which a constraint is given: ``x => x.Id``, ``x => new { x.A, x.B }``."""
    text = "\n".join(source.lines[one.line - 1 : one.line + 8])[:3_000]
    name = _text(one, "name") or next(iter(one.words), "")
    behind = text.partition(f'"{name}"')[2] if name else text
    found = _PICKS.search(behind)
    return [ColumnChange(title) for title in _PICKED.findall(found.group(1))] if found else []


_PICKS = re.compile(r"=>\s*(new\s*\{[^}]{0,300}\}|\w+\.\w+)")
_ONE = re.compile(r"(\w+)\s*=\s*\w+\.Column<([\w.?\[\]]+)>")


def _columns(text: str) -> list[tuple[str, str]]:
    return _ONE.findall(text[:2_000])


def _ends(text: str, title: str) -> bool:
    """Whether the words about *title* say that it may be NULL before the next column begins."""
    own = re.split(r"\w+\s*=\s*\w+\.Column<", text.partition(f"{title} =")[2][1:], maxsplit=2)
    return "nullable: true" in (own[1] if len(own) > 1 else own[0])


def _on_delete(text: str) -> str:
    found = _RULE.search(text)
    return _RULES.get(found.group(1), "") if found else ""


def _text(called: Called, name: str) -> str:
    said = called.named.get(name)
    return said if isinstance(said, str) and not isinstance(said, Code) else ""


def _listed(called: Called, name: str) -> list[str]:
    said = called.named.get(name)
    return list(flat(said if isinstance(said, list) else [said]))
