"""Clouds' own names of things end in the vocabulary: agents speak of what a thing is, whoever provides it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TYPE = re.compile(
    r"(?:aws|google|azurerm|azuread|azapi|alicloud|digitalocean)_[a-z0-9_]*|AWS::[\w:]*|Microsoft\.\w+/[\w./]*"
)
LEFT = {
    "monitoring_validator/_alarms.py": 8,
    "monitoring_validator/_tagging.py": 1,
    "monitoring_validator/audit_stores.py": 23,
    "monitoring_validator/audit_trails.py": 5,
    "monitoring_validator/cost.py": 8,
    "monitoring_validator/log_days.py": 5,
    "monitoring_validator/log_stores.py": 1,
    "monitoring_validator/log_watch.py": 2,
    "monitoring_validator/paging.py": 2,
    "security_validator/_grants.py": 10,
    "security_validator/cloud_exposure.py": 35,
    "security_validator/compliance.py": 6,
    "security_validator/network.py": 4,
    "security_validator/passwords.py": 2,
    "security_validator/privileges.py": 23,
    "security_validator/regulated.py": 1,
    "security_validator/rotation.py": 13,
    "security_validator/secrets.py": 12,
    "security_validator/transport.py": 30,
}
"""Names that agents still know, by file: a number only falls, and no file comes to the list."""


def named(path: Path) -> int:
    """How many names of types *path* has: texts that are one and nothing else, so that examples are none."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return sum(
        1 for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and _TYPE.fullmatch(n.value)
    )


class TestAgents:
    def test_agents_name_no_more_types_than_they_did(self) -> None:
        """
        Whoever teaches an agent a cloud's type writes a row of the vocabulary; what is moved there leaves this list.
        """
        found = {str(path.relative_to(ROOT / "agents")): named(path) for path in (ROOT / "agents").rglob("*.py")}

        assert LEFT == {path: count for path, count in found.items() if count}
