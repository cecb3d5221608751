"""The release before the one under review, which findings are new or old against."""

from __future__ import annotations

from typing import Literal

from .model import Model


class Base(Model):
    """What the reviewed release is compared with, and who chose that."""

    commit: str = ""
    """Full object id; empty where nothing is compared."""
    name: str = ""
    """As it was given, the tag, or the run."""
    chosen: Literal["given", "tag", "run", "none"] = "none"
    """
    ``given`` by who reviews, the newest release ``tag``, the last recorded ``run`` of the same name, or ``none``.

    A tag is of the reviewed repository's own choosing: enough to say how old a finding is, and for nothing that counts.
    """
    ancestor: bool = True
    """Whether the reviewed commit follows from it."""
    reason: str = ""
    """Why nothing is compared."""

    @property
    def said(self) -> str:
        """What it is, and who chose it, in words."""
        if not self.commit:
            return f"compared with nothing, so that no finding is called new or old: {self.reason}; --base names one"
        apart = "" if self.ancestor else ", from which the reviewed commit does not follow"
        if self.chosen == "given":
            return f"compared with {self.name}, as --base says{apart}"
        what = "the newest release tag" if self.chosen == "tag" else "the last recorded run of this name"
        return f"compared with {self.name}, {what}; --base names another"
