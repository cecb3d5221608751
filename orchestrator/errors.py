"""Every mistake that a user can fix: what is wrong, where, and what to do now."""

from __future__ import annotations


class OrchestratorError(Exception):
    """
    Something the user can fix.

    Args:
        what: One sentence: what is wrong.
        where: ``file:line:column``, a run, or a command; empty when there is no place.
        remedy: What to do now, in words or a command that can be pasted.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = _cut(what), _cut(where), _cut(remedy)
        super().__init__(self.what)
        self.others: tuple[OrchestratorError, ...] = ()
        """Further mistakes found in the same go."""

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  --> {self.where}")
        if self.remedy:
            lines.append(f" help: {self.remedy}")
        return "\n".join([*lines, *(f"error: {other}" for other in self.others)])


MOST = 1_200
"""Characters of what is wrong, of where, and of what to do; each can quote what somebody wrote to fill a terminal."""


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


class UsageError(OrchestratorError):
    """The command was given the wrong words."""


class ConfigError(OrchestratorError):
    """``readiness.yaml`` says something that makes no sense."""


class NotARepository(OrchestratorError):
    """The path holds nothing that can be reviewed."""


class RepositoryUnreadable(OrchestratorError):
    """The repository is there, and cannot be read."""


class UnknownRevision(OrchestratorError):
    """The revision names no commit of this repository."""


class RepositoryTooLarge(OrchestratorError):
    """The tree exceeds the limits that keep a review bounded."""


class CatalogueError(OrchestratorError):
    """The catalogue of criteria is inconsistent."""


class VocabularyError(OrchestratorError):
    """A row of the vocabulary cannot be used as it is written, or there are no words of that name."""


class UnknownCriterion(OrchestratorError):
    """No criterion has this id."""


class WorkflowError(OrchestratorError):
    """A workflow file cannot be run as it is written."""


class UnknownAgent(OrchestratorError):
    """A workflow or a command names an agent that nobody provides."""


class CyclicWorkflow(WorkflowError):
    """The nodes of a workflow wait for each other."""


class AgentLoadError(OrchestratorError):
    """An agent could not be imported; going on without it would be a false pass."""


class SourceLoadError(OrchestratorError):
    """A source of facts could not be imported; going on without it would be a false pass."""


class PromptError(OrchestratorError):
    """An agent's prompt cannot be used as it is written."""


class RunNotFound(OrchestratorError):
    """No recorded run has this name."""


class RunLocked(OrchestratorError):
    """Another process drives this run."""


class RunsFolderUnwritable(OrchestratorError):
    """The runs folder cannot take a record."""


class ExtraMissing(OrchestratorError):
    """A command needs packages that only an extra installs."""


class KeyUnusable(OrchestratorError):
    """A file cannot serve as the key or certificate that was asked for."""


class AuthorityUnusable(OrchestratorError):
    """A timestamp authority gave no timestamp that holds."""


class StepUndecided(OrchestratorError):
    """A step that acts on the world was started, and nobody has said what became of it."""

    exit_code = 6


class RecordBroken(OrchestratorError):
    """The record is not what was written."""

    exit_code = 7


class FactNotComparable(RecordBroken):
    """A fact was recorded in a shape that nothing makes today's of."""


class ReplayDivergence(OrchestratorError):
    """The record was re-derived to other bytes."""

    exit_code = 8


class EvidenceUnavailable(Exception):
    """A probe could not look; the reason becomes part of what stays ``unknown``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FormatError(Exception):
    """A reviewed file cannot be parsed; never a user's mistake, always an honest ``unknown``."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
