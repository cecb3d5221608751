"""Scripts that do something, and packages that somebody installs."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.packages import in_force, is_installed


class TestInForce:
    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("vite build", "vite build"),
            ("tsc && vite build", "tsc && vite build"),
            ("NODE_ENV=production webpack --mode production", "NODE_ENV=production webpack --mode production"),
            ("echo 'vite build'", None),
            (": vite build", None),
            ("exit 0; vite build", None),
            ("true && vite build", "true && vite build"),
            ("vite build; exit 0", "vite build; exit 0"),
            ("", ""),
        ],
    )
    def test_scripts(self, text: str, left: str | None) -> None:
        """
        What only says it, is passed over or comes after the end is left out; a script of nothing else with it.
        """
        assert ({"build": left} if left is not None else {}) == in_force({"build": text})


class TestIsInstalled:
    @pytest.mark.parametrize(
        ("requirement", "installed"),
        [
            ("flagsmith==4.0.0", True),
            ('flagsmith==4.0.0 ; python_version < "2"', False),
            ("flagsmith==4.0.0; python_version < '3.8'", False),
            ("flagsmith==4.0.0; python_version < '3.9'", True),
            ("flagsmith==4.0.0; python_version <= '3.7'", False),
            ("flagsmith==4.0.0; python_version <= '3.8'", True),
            ('flagsmith==4.0.0; python_version == "2.7"', False),
            ('flagsmith==4.0.0; python_full_version == "2.7.18"', False),
            ("flagsmith==4.0.0; python_version ~= '3.6'", False),
            ("flagsmith==4.0.0; python_version >= '3.6'", True),
            ("flagsmith==4.0.0; sys_platform == 'win32'", True),
            ("flagsmith==4.0.0; python_version < '3' or sys_platform == 'linux'", True),
            ("flagsmith==4.0.0; sys_platform == 'linux'  # python_version < '2'", True),
        ],
    )
    def test_markers(self, requirement: str, installed: bool) -> None:
        """
        A marker that only forgotten versions of Python meet installs nothing; others may.
        """
        assert installed == is_installed(requirement)
