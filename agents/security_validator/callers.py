"""Judges whether anything asks who calls, over all routes together (2.1.4, 2.3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    Code,
    Draft,
    Entries,
    Example,
    Route,
    Routes,
    Signal,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
)

from .exposure import BY_NATURE, REFUSES

ANY_ASKING = Signal(
    id="security.any-asking",
    pattern=r"auth|log_?-?in|sign_?-?in|jwt|bearer|session|passport|guard|permission|credential|api_?-?key|unauthor|"
    r"forbidden|principal|"
    r"identity|current_?user|oidc|saml|token|policy|require_?user|logged|account\b|\b(?:status\w{0,6}|"
    r"code)\W{1,4}40[13]\b",
)
"""A word of a program about who calls."""
ANY_DOORKEEPER = Signal(
    id="security.any-doorkeeper",
    pattern=r"oauth2-?proxy|auth-url|auth-type|AuthorizationPolicy|RequestAuthentication|[aA]uthorizer|\biap\b|"
    r"cognito|auth_basic|auth_request|"
    r"forward_?auth|ext_authz|basic_?auth|JWT_?Authori[sz]er|client_?cert|ssl_verify_client|mtls|authenticate|"
    r"openid|zero_trust|access_application|"
    r"behind (?:an?|the|our) (?:ingress|gateway|(?:reverse )?proxy|vpn|mesh)|api gateway|service mesh|\bvpn\b|"
    r"\bgateway\b|kind:\s*NetworkPolicy|"
    r"another repository",
    roles=("config", "infra", "ci", "docs", "other"),
    comments=True,
)
"""Something before a program that asks who calls."""
BEFORE_ALL = Signal(
    id="security.before-all-routes",
    pattern=r"\.use\(\s*\w|add_middleware\(|[mM]iddleware|before_request|before_action|\.Use\(|\.layer\(|\.wrap\(|"
    r"Interceptor|OncePerRequestFilter|WebFilter|"
    r"\bplug\s+[A-Z]|\.addHook\(|\bdependencies\s*=|APP_GUARD|global_?guard",
    kept=ALL,
)
_KNOWN = re.compile(
    r"express\.(?:json|static|urlencoded|raw|text)|\bcors\b|helmet|morgan|compression|pino|bodyParser|cookieParser|"
    r"Recoverer|RequestID|RealIP|Logger|Timeout|"
    r"GZip|CORSMiddleware|TrustedHost|TraceLayer|CompressionLayer|CorsLayer|TimeoutLayer|otel|prometheus|metrics|"
    r"NormalizePath|^import|^from|require\(|"
    r"serveStatic|responseTime|requestId|errorHandler|notFound|\.use\(\s*[\"'`]/|\.use\(\s*\w*[rR]oute",
    re.IGNORECASE,
)
"""What stands before all routes and asks nobody who they are."""
_WITH_HANDLER: Final = (
    "fastapi",
    "flask",
    "spring",
    "aspnet",
    "nestjs",
    "litestar",
    "sanic",
    "jax-rs",
    "micronaut",
    "quarkus",
)
"""Frameworks whose routes stand at what answers them, so that a check within is seen in the same file."""
_CHANGED: Final = ("DELETE", "PUT", "PATCH")
_GRAVE = re.compile(
    r"refund|payout|purge|delete|remove|cancel|approve|grant|(?:^|/)roles?(?:/|$)|admin|transfer|withdraw",
    re.IGNORECASE,
)
_FOR_ALL = re.compile(
    r"contact|newsletter|feedback|search|track|collect|basket|cart|wishlist|preference|consent|locale|theme|upload-url",
    re.IGNORECASE,
)
_BARE = "app.delete('/customers/:id', remove)\napp.get('/customers/:id', show)\n"
_SERVICE = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n"
    "  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: 'shop/web:1'}]}\n"
)


@check(
    "SEC-2.1.4",
    shows=FAIL,
    reads=[ANY_ASKING, ANY_DOORKEEPER, BEFORE_ALL, REFUSES],
    clean=[
        Example(
            "a guard on each", {"app.py": "@app.delete('/a/{n}')\ndef drop(n, who=Depends(get_current_user)): ...\n"}
        ),
        Example("somebody is known", {"server.js": _BARE + "const user = req.session.user\n"}),
        Example("a proxy that asks", {"server.js": _BARE, "nginx.conf": "server {\n  auth_request /ask;\n}\n"}),
    ],
    flagged=[
        Example("nothing asks anybody", {"server.js": _BARE, "k8s/web.yaml": _SERVICE}),
        Example(
            "one route that changes something has no guard, as others have",
            {
                "app.py": "@app.get('/invoices/{n}', dependencies=[Depends(get_current_user)])\n"
                "def one(n: int): ...\n\n\n"
                "@app.delete('/invoices/{n}', dependencies=[Depends(get_current_user)])\ndef drop(n: int): ...\n",
                "export.py": "@router.delete('/export/invoices')\ndef purge(): ...\n",
            },
        ),
    ],
)
def changes_are_asked_for(routes: Routes, code: Code) -> Iterator[Draft]:
    """What deletes or changes data has a guard, at least where others have one, or anything asks who calls."""
    data = [r for r in routes.routes if not BY_NATURE.search(r.path) and not _FOR_ALL.search(r.path)]
    changing = [r for r in data if r.method in _CHANGED or (r.method == "POST" and _GRAVE.search(r.path))]
    bare = [r for r in changing if r.guarded is None and not _asks(r, code)]
    guarded = [r for r in data if r.guarded and r.method in (*_CHANGED, "POST")]
    beside = bool(guarded) and all(r.framework in _WITH_HANDLER for r in (*bare, *guarded))
    if not bare or routes.problems or routes.aside:
        return
    if beside and len(bare) < len(changing) and len(guarded) >= len(bare):
        yield failed(
            each(bare, name=_called, at=lambda r: r.source).say(
                "{} {changes} data without a guard, which {others:other such route} {have}",
                others=len(guarded),
                have="have",
            ),
            examined(len(data), "routes"),
            confidence="medium",
        )
    elif len(bare) == len(changing) and _nobody_asks(code):
        yield failed(
            each(bare, name=_called, at=lambda r: r.source).say(
                "{} {changes} data, and nothing in the tree asks who calls"
            ),
            examined(len(data), "routes"),
            confidence="medium",
        )


@check(
    "SEC-2.3.2",
    shows=FAIL,
    reads=[ANY_ASKING, ANY_DOORKEEPER, BEFORE_ALL, REFUSES],
    clean=[Example("somebody is known", {"server.js": _BARE + "const user = req.session.user\n"})],
    flagged=[
        Example(
            "nothing asks anybody", {"server.js": "app.get('/users/:id/profile', show)\n", "k8s/web.yaml": _SERVICE}
        ),
        Example(
            "an address of a function that asks nobody",
            {
                "fn.tf": 'resource "aws_lambda_function_url" "till" {\n  authorization_type = "NONE"\n}\n',
                "src/fn.py": "def handler(event, context):\n    return {'statusCode': 200, 'body': rows()}\n",
            },
        ),
    ],
)
def anything_asks_who_calls(routes: Routes, entries: Entries, code: Code) -> Iterator[Draft]:
    """Somewhere in the tree callers are asked who they are, where data is served."""
    data = [r for r in routes.routes if not BY_NATURE.search(r.path) and not _FOR_ALL.search(r.path)]
    personal = [r for r in data if _OF_PEOPLE.search(r.path) and r.guarded is None]
    if routes.problems or routes.aside or not _nobody_asks(code):
        return
    if personal and not any(r.guarded for r in data):
        yield failed(
            each(personal, name=_called, at=lambda r: r.source).say(
                "{} {serves} what is about people, and nothing in the tree asks who calls"
            ),
            examined(len(data), "routes"),
            confidence="medium",
        )
    elif entries.unguarded and code.files():
        yield failed(
            each(entries.unguarded, name=lambda e: e.address, at=lambda e: e.says("guarded").at).say(
                "{} {takes} requests of everybody, and nothing behind it asks who calls"
            ),
            examined(len(entries.parts), "entries"),
            confidence="medium",
        )


_OF_PEOPLE = re.compile(
    r"(?:^|/)(?:users?|people|persons?|customers?|members?|patients?|clients?|employees?|accounts?|profiles?|"
    r"orders?|invoices?|parcels?|"
    r"payments?|cards?|addresses|bookings?|reservations?|messages?|exports?|reports?|students?|tenants?|"
    r"guests?)(?:/|$|\.)",
    re.IGNORECASE,
)


def _called(route: Route) -> str:
    return f"{route.method} {route.path}"


def _asks(route: Route, code: Code) -> bool:
    """Whether the file of *route* turns callers away anywhere."""
    return bool(code[REFUSES].within(route.file))


def _nobody_asks(code: Code) -> bool:
    """Whether no word is about callers, and nothing that nobody here knows stands before all routes."""
    unknown = code[BEFORE_ALL].places.saying(lambda place: not _KNOWN.search(place.text))
    return not code[ANY_ASKING] and not code[ANY_DOORKEEPER] and not unknown


VERIFIED = Signal(
    id="security.actions-verified",
    pattern=r"^after_action\s+:verify_(?:authorized|policy_scoped)\b|^check_authorization\b",
    languages=("ruby",),
    kept=ALL,
)
UNVERIFIED = Signal(
    id="security.actions-unverified",
    pattern=r"^skip_(?:after_action\s+:verify_(?:authorized|policy_scoped)|authorization_check|authorize_resource)\b",
    languages=("ruby",),
    kept=ALL,
)
UNASKED = Signal(
    id="security.actions-unasked",
    pattern=r"^skip_before_action\s+:(?:authenticate|require_)\w*|^allow_unauthenticated_access\b",
    languages=("ruby",),
    kept=ALL,
)
OPEN_POLICY = Signal(
    id="security.policy-for-anybody",
    pattern=r"^def\s+(?:update|edit|destroy)\?\s*=\s*(?:true|user\.present\?|!!user|!user\.nil\?|user)\s*$",
    languages=("ruby",),
    kept=ALL,
)
_OF_DOORS = re.compile(
    r"(?:sessions?|passwords?|second_factors?|registrations?|confirmations?|unlocks?|health\w*|ready|home|pages?|"
    r"static\w*|errors?|omniauth\w*|"
    r"callbacks?|webhooks?|hooks?|me|profiles?)_controller\.rb$"
)
_PUBLIC = re.compile(r"(?:unless|if|except):\s*(?::devise_controller\?|->.{0,40}public|:\w*public\w*\?|:index\b)")
_BASE = (
    "class ApplicationController < ActionController::Base\n  before_action :authenticate_member!\n"
    "  after_action :verify_authorized, unless: :devise_controller?\nend\n"
)
_RAILS = {"config/routes.rb": "Rails.application.routes.draw do\n  resources :tickets, only: [:destroy]\nend\n"}
_TICKETS = (
    "class TicketsController < ApplicationController\n%s"
    "  def destroy\n    authorize(Ticket.find(params[:id])).destroy!\n  end\nend\n"
)


@check(
    "SEC-2.1.4",
    shows=BOTH,
    reads=[VERIFIED, UNVERIFIED, UNASKED, OPEN_POLICY],
    clean=[
        Example(
            "each action is verified",
            {
                **_RAILS,
                "app/controllers/application_controller.rb": _BASE,
                "app/controllers/tickets_controller.rb": _TICKETS % "",
            },
        )
    ],
    flagged=[
        Example(
            "one controller skips both",
            {
                **_RAILS,
                "app/controllers/application_controller.rb": _BASE,
                "app/controllers/tickets_controller.rb": _TICKETS
                % "  skip_before_action :authenticate_member!\n  skip_after_action :verify_authorized\n",
            },
        ),
        Example(
            "a policy for anybody",
            {
                **_RAILS,
                "app/controllers/application_controller.rb": _BASE,
                "app/controllers/tickets_controller.rb": _TICKETS % "",
                "app/policies/ticket_policy.rb": "class TicketPolicy\n  def update? = user.present?\nend\n",
            },
        ),
    ],
    silent=[
        Example(
            "one controller is not verified",
            {
                **_RAILS,
                "app/controllers/application_controller.rb": _BASE,
                "app/controllers/tickets_controller.rb": _TICKETS % "  skip_after_action :verify_authorized\n",
            },
        )
    ],
)
def each_action_is_verified(routes: Routes, code: Code) -> Iterator[Draft]:
    """Where Pundit or CanCan verify each action of Rails, none but those of the doors is left out."""
    verified = [p for p in code[VERIFIED].places if p.path.endswith("application_controller.rb")]
    if not verified or any(route.framework != "rails" for route in routes.routes):
        return
    left = code[UNVERIFIED].places.under(lambda path: not _OF_DOORS.search(path))
    both = left.under(lambda path: path in code[UNASKED].paths)
    if anybody := code[OPEN_POLICY].places:
        yield failed(each(anybody).say("{number:policy} {lets} anybody who is logged in change what is of others"))
    elif both:
        yield failed(each(both.files).say("{} {skips} both the sign-in and the check of rights"), both)
    elif left:
        yield unsure(each(left.files).say("{} {skips} the check of rights"), left)
    elif all(not re.search(r"\b(?:unless|if|except|only):", p.text) or _PUBLIC.search(p.text) for p in verified):
        yield passed(
            "Each action is verified to ask for rights, and no controller but those of the doors skips it",
            *verified,
            confidence="medium",
        )
