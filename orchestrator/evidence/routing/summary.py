"""What one module says of routes and guards, without its syntax, so that it can be kept for a whole tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, Protocol

from .untold import Untold


class Counts(Protocol):
    """Tells whether a part of a module's syntax is in force."""

    def __call__(self, node: ast.AST, route: bool = True) -> bool:
        """Whether *node* counts; of what is no *route* nobody has to hear that it does not."""


Way = Literal["decorator", "depends", "call", "value", "base", "permission", "type", "answer"]
"""How a guard is asked for, which says how far its name alone can be trusted; who answers may refuse too late."""


@dataclass(frozen=True, slots=True)
class Term:
    """
    What may be a guard, as it is written.

    Args:
        name: Its dotted name; of a call that of what is called.
        way: How it is asked for.
        optional: It lets those pass who show nothing.
    """

    name: str
    way: Way
    optional: bool = False


Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """
    What a function or class does for who may pass.

    Args:
        name: Its own name, after that of its class where it has one.
        line: Where it begins.
        refuses: It turns somebody away: an answer 401 or 403, an exception of that kind, a way to the login.
        terms: What it leans on for that itself.
        opens: It says that everybody may pass.
        returns: What it leaves all that it answers to.
        goes_on: It hands on a request that it does not refuse, as what stands before others does.
        methods: Of a class that answers requests: each method of HTTP, and what stands before it alone.
    """

    name: str
    line: int
    refuses: bool = False
    terms: Terms = ()
    opens: bool = False
    methods: tuple[tuple[str, Terms], ...] = ()
    returns: Terms = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Router:
    """Something that routes hang on: an app, a router, a blueprint."""

    name: str
    framework: str
    prefix: str = ""
    guards: Terms = ()


@dataclass(frozen=True, slots=True)
class Mount:
    """That one router hangs on another, under a prefix and behind guards."""

    above: str
    below: str
    prefix: str = ""
    guards: Terms = ()
    line: int = 0
    listed: bool = False
    """It stands in a list of URL patterns."""
    order: int = 0
    """Where it stands among what runs in turn: what comes later is not behind its guards; 0 where no turn is kept."""
    reach: str = ""
    """Of guards alone, the pattern of the paths before which they stand; all that hangs there where it is empty."""
    method: str = ""
    """Of guards alone, the one method before which they stand."""
    whole: bool = True
    """The pattern is of the first part of a path, and not of all of it."""


@dataclass(frozen=True, slots=True)
class Handed:
    """That a router is handed to a function, which hangs routes on it: which of its arguments, and in which turn."""

    function: str
    argument: int
    router: str
    prefix: str = ""
    guards: Terms = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class Declared:
    """
    One route as it is declared.

    Args:
        router: The name of what it hangs on; empty for a list of routes by itself.
        method: GET, POST, … or ANY.
        path: Without the prefixes above it.
        framework: Which one it is written for.
        line: Where it is declared.
        handler: Who answers, by name.
        guards: What is asked for beside it.
        opens: It says itself that everybody may pass.
        order: Where it stands among what runs in turn; 0 where no turn is kept.
        sure: It is one whatever it hangs on.
    """

    router: str
    method: str
    path: str
    framework: str
    line: int
    handler: str = ""
    guards: Terms = ()
    opens: bool = False
    order: int = 0
    sure: bool = True


@dataclass(slots=True)
class Summary:
    """
    All of it for one module.

    Args:
        path: Where the module stands.
        imported: Each name that it takes from elsewhere, to the module and the name there; that is empty for a module.
        starred: Modules of which it takes everything.
        assigned: Each name that stands for what a call made, or for a type with a guard in it.
        includes: Modules whose list of routes is taken in (``include("shop.urls")``): prefix, module, guards.
        global_guards: What its settings put before every route.
        logins_off: It tells Flask's logins to let everybody pass.
        exported: Of JavaScript, each name that others can take, to the name here; ``default`` for the whole.
        parameters: Of JavaScript, the arguments of each function by their scoped names.
        returned: Of JavaScript, the router that a function makes and hands back.
        handed: Routers that are handed to functions.
        shared: Plugins whose hooks stand before what they hang on as well.
        same: Two names for one router.
        untold: What declares routes in a form that is not understood.
    """

    path: str
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    starred: list[str] = field(default_factory=list)
    assigned: dict[str, Terms] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    routers: dict[str, Router] = field(default_factory=dict)
    mounts: list[Mount] = field(default_factory=list)
    routes: list[Declared] = field(default_factory=list)
    includes: list[Mount] = field(default_factory=list)
    global_guards: list[Term] = field(default_factory=list)
    logins_off: bool = False
    exported: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)
    handed: list[Handed] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    same: list[tuple[str, str]] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)
