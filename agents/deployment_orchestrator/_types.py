"""The types of resources that several checks of this agent ask for, whatever cloud they are of."""

from __future__ import annotations

from orchestrator import Typed

SCALED = Typed("resources/scaled")
"""What runs as many instances as something says."""
SCALERS = Typed("resources/scalers")
"""What says how many."""
TARGETS = Typed("resources/target-groups")
"""What hands requests to those of its backends that are healthy."""
ROLLOUTS = Typed("resources/rollouts")
"""What brings new versions out."""
