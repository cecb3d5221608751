"""Tells commands and actions that may build or test, and whose insides nobody sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...host.late import late
from ..facts.pipelines import CiCommand
from .building import builds
from .names import bare, installs, talks
from .testing import tests

_KNOWN_ACTION = late(
    r"^(actions/|docker/|github/codeql|ossf/|codecov/|coverallsapp/|aquasecurity/|peter-evans/|dependabot/|dessant/|"
    r"softprops/|pypa/gh-action|dtolnay/|ruby/setup|astral-sh/|pnpm/|hashicorp/setup|azure/setup|"
    r"google-github-actions/|"
    r"aws-actions/|sigstore/|anchore/|returntocorp/|semgrep/|snyk/|bridgecrewio/|checkmarx/|checkout$|restore_cache|"
    r"save_cache|store_|persist_to|attach_workspace|add_ssh_keys|setup_remote_docker|deploy:)",
    re.IGNORECASE,
)
_OPAQUE = late(
    r"^(make|gmake|just|task|mage|invoke|inv|earthly|dagger|rake|bundle exec rake|nix|bazel|npx|pnpm|yarn|npm|bun|"
    r"(sudo )?docker[- ]?(compose)?\b.{0,100}(build|run|up|exec)|(bash|sh|zsh|python3?|node|ruby|pwsh) \S*[/.]\S|"
    r"\.{0,2}/?[\w.-]+/\S|\S+\.(sh|ps1|bat)\b)"
)
_CHECKER = late(
    r"\b(eslint|prettier|stylelint|ruff|black|flake8|mypy|pylint|isort|pyright|tsc|markdownlint|jshint|"
    r"rubocop|standardrb|"
    r"brakeman|golangci-lint|gofmt|clippy|hadolint|shellcheck|yamllint|actionlint|commitlint|lint|"
    r"linkcheck|knip|codespell)\b"
)


def is_opaque(command: CiCommand) -> bool:
    """Whether the command may test without saying so: a target, a script, an image whose build is not here."""
    part = bare(command)
    if command.calls == "followed" or not _OPAQUE.match(part) or _CHECKER.search(part) or tests(command):
        return False
    return command.calls == "absent" or "docker" in part or not builds(command)


def does_something(following: Sequence[CiCommand]) -> bool:
    """Whether the script whose commands come first in *following* does more than talk, fetch and look at style."""
    for command in following:
        if not command.path:
            return False
        part = bare(command)
        idle = talks(part) or installs(part) or _CHECKER.search(part) or command.calls in ("absent", "followed")
        if not idle:
            return True
    return False


def is_opaque_action(uses: str) -> bool:
    """Whether an action may build or test without saying so."""
    known = _KNOWN_ACTION.search(uses) or re.search(r"setup|cache|checkout|upload|download|login", uses)
    return bool(uses) and not known
