"""Judges what answers without asking who calls (2.3.2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    Code,
    Draft,
    Entries,
    Example,
    Manifests,
    Places,
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

from ._lines import CODE, broken, production

DJANGO_DEBUG = Signal(id="security.django-debug", pattern=r"^DEBUG\s*=\s*True\b", languages=("python",))
DJANGO_DEBUG_OFF = Signal(
    id="security.django-debug-off",
    pattern=r"^DEBUG\s*=\s*(?:False\b|.*(?:environ|getenv|env|config)\b)",
    languages=("python",),
)
FLASK_DEBUG = Signal(
    id="security.flask-debug",
    pattern=r"\bapp\.run\(.{0,120}debug\s*=\s*True",
    languages=("python",),
)
ACTUATOR = Signal(
    id="security.actuator-all",
    pattern=r"management\.endpoints\.web\.exposure\.include\s*[=:]\s*[\"']?\*",
    roles=CODE,
)
LISTING = Signal(
    id="security.directory-listing",
    pattern=r"\bserveIndex\(\s*\S|^\s*autoindex\s+on\b|^\s*Options\s+(?:\S+\s+)?\+?Indexes",
    roles=("source", "config", "infra"),
    kept=ALL,
)
_NOT_FOR_ALL = re.compile(
    r"\b(?:logs?|ftp|keys?|\w{0,20}keys|backups?|private|uploads?|secrets?|conf(?:ig)?|tmp|dumps?)\b", re.IGNORECASE
)


_ONE_BY_ONE = "Remove the listing, and serve single files after asking who wants them."


@check(
    "SEC-2.3.2",
    shows=FAIL,
    reads=[DJANGO_DEBUG, DJANGO_DEBUG_OFF, FLASK_DEBUG, ACTUATOR, LISTING],
    clean=[
        Example(
            "debugging only where it is developed",
            {"s/settings/base.py": "DEBUG = True\n", "s/settings/production.py": "DEBUG = False\n"},
        ),
        Example(
            "only health is exposed",
            {"src/main/resources/application.properties": "management.endpoints.web.exposure.include=health\n"},
        ),
    ],
    flagged=[
        Example("the debugger is on", {"app.py": "app.run(host='0.0.0.0', debug=True)\n"}),
        Example("Django's debug pages", {"site/settings.py": "DEBUG = True\n"}),
        Example(
            "every actuator endpoint",
            {"src/main/resources/application.properties": "management.endpoints.web.exposure.include=*\n"},
        ),
        Example("the log folder can be browsed", {"server.js": "app.use('/support/logs', serveIndex('logs'))\n"}),
    ],
    silent=[Example("a folder of downloads can be browsed", {"server.js": "app.use('/dl', serveIndex('releases'))\n"})],
)
def inner_workings_are_hidden(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """Debug pages, management endpoints and folders that are not meant for all do not answer everyone."""
    django = Places() if code[DJANGO_DEBUG_OFF] else production(code[DJANGO_DEBUG])
    flask, actuator = production(code[FLASK_DEBUG]), production(code[ACTUATOR])
    if django:
        yield broken("Debug pages show settings and source to every visitor: DEBUG = True", django, medium=True)
    if flask:
        yield broken("The interactive debugger runs code for every visitor: debug=True", flask, medium=True)
    if actuator and not manifests.uses(
        "org.springframework.boot:spring-boot-starter-security", "spring-boot-starter-security"
    ):
        yield broken("Every management endpoint answers without login, memory dumps included", actuator)
    listings = production(code[LISTING]).saying(lambda s: _NOT_FOR_ALL.search(s.text) is not None)
    if listings:
        yield broken(
            "Visitors can browse a folder that is not meant for all", listings, medium=True, remedy=_ONE_BY_ONE
        )


_INNER = re.compile(
    r"(?:^|/)(?:metrics|prometheus|debug|pprof|env|heapdump|trace|actuator(?!/(?:health|info)))(?:/|$)", re.IGNORECASE
)
"""What shows how a service works from within, to whoever reaches its routes."""
REFUSES = Signal(
    id="security.refuses-by-itself",
    pattern=r"\bthrow\s+new\s+(?:Unauthorized|Forbidden|AccessDenied)\w{0,20}|verifyIdToken\(|timingSafeEqual\(|"
    r"compare_digest\(|secure_compare|hash_equals\(|"
    r"ConstantTimeCompare\(|(?:status(?:Code)?|sendStatus|abort|HTTPException|Results?\.|StatusCode::|"
    r"head)\W{0,6}(?:40[13]|Unauthorized|Forbidden|UNAUTHORIZED|FORBIDDEN|:unauthorized|:forbidden)\b",
    kept=ALL,
)
"""Where a handler turns callers away by itself."""
_FAR = 14
_MODULE = (
    'module "sg" {\n  source = "terraform-aws-modules/security-group/aws"\n  ingress_cidr_blocks = ["0.0.0.0/0"]\n'
    '  ingress_rules = ["%s"]\n}\n'
)
BY_NATURE = re.compile(
    r"health|ready|live|ping|status|version|metrics|log-?in|log-?out|sign|register|auth|oauth|token|"
    r"password|reset|forgot|(?:^|/)hooks?/|static|assets|favicon|robots|(?:two|second|multi)[-_]?factor|(?:^|/)(?:2fa|mfa|t?otp|sessions?|"
    r"join|enroll?ment|unlock|confirm\w{0,6}|verify\w{0,8})(?:/|$)|"
    r"passkey|webauthn|magic[-_]?link|recovery|invit|csp-report|(?:^|/)(?:un)?subscribe|"
    r"(?:payments?|stripe|paypal|adyen|mollie|github|gitlab|twilio|provider|carrier)/(?:events?|notif\w{0,10}|ipn)\b|"
    r"openapi|docs|swagger|\.well-known|callback|webhook|^/?$|[:{<*](?:\w{1,10}:)?\w{0,20}(?:secret|signature|hash)\b",
    re.IGNORECASE,
)


@check(
    "SEC-2.3.2",
    shows=BOTH,
    reads=[REFUSES],
    clean=[
        Example(
            "a guard on each",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n\n\n"
                "@app.get('/health')\ndef health(): ...\n"
            },
        ),
        Example(
            "a filter of the controller above, which sends strangers to the login",
            {
                "config/routes.rb": "Rails.application.routes.draw do\n  resources :orders, only: [:index]\nend\n",
                "app/controllers/orders_controller.rb": "class OrdersController < ApplicationController\nend\n",
                "app/controllers/application_controller.rb": (
                    "class ApplicationController < ActionController::Base\n  before_action :members_only\n"
                    "  def members_only\n    redirect_to login_path unless current_user\n  end\nend\n"
                ),
            },
        ),
        Example(
            "a middleware of a group, under a short name",
            {
                "routes/web.php": (
                    "<?php\nRoute::middleware('members')->group(function () {\n"
                    "  Route::get('/orders', [OrderController::class, 'index']);\n});\n"
                ),
                "app/Http/Kernel.php": (
                    "<?php\nnamespace App\\Http;\nclass Kernel extends HttpKernel {\n"
                    "  protected $middlewareAliases = ['members' => \\App\\Http\\Middleware\\Members::class];\n}\n"
                ),
                "app/Http/Middleware/Members.php": (
                    "<?php\nnamespace App\\Http\\Middleware;\nclass Members {\n"
                    "  public function handle($request, $next) {\n    if (!$request->user()) {\n"
                    "      abort(401);\n    }\n"
                    "    return $next($request);\n  }\n}\n"
                ),
            },
        ),
        Example(
            "a layer around what is nested",
            {
                "src/main.rs": (
                    "use axum::{routing::get, Router};\n\nfn app() -> Router {\n    Router::new()\n"
                    '        .nest("/orders", Router::new().route("/", get(list)))\n'
                    "        .layer(middleware::from_fn(members))\n}\n\n"
                    "async fn members(req: Request, next: Next) -> Result<Response, StatusCode> {\n"
                    "    if req.extensions().get::<User>().is_none() {\n"
                    "        return Err(StatusCode::UNAUTHORIZED);\n    }\n"
                    "    Ok(next.run(req).await)\n}\n\nfn main() {\n    serve(app());\n}\n"
                )
            },
        ),
        Example(
            "a plug of a pipeline",
            {
                "lib/shop_web/router.ex": (
                    "defmodule ShopWeb.Router do\n  use ShopWeb, :router\n\n  pipeline :members do\n"
                    '    plug :members_only\n  end\n\n  scope "/", ShopWeb do\n    pipe_through :members\n'
                    '    get "/orders", OrderController, :index\n  end\n\n  def members_only(conn, _opts) do\n'
                    "    if conn.assigns[:current_user] do\n      conn\n    else\n"
                    "      conn |> put_status(:unauthorized) |> halt()\n    end\n  end\nend\n"
                )
            },
        ),
        Example(
            "a module of others that lets everybody in to the web",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n",
                "sg.tf": _MODULE % "https-443-tcp",
            },
        ),
        Example(
            "a method that only answers what browsers ask before",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n",
                "api.tf": 'resource "aws_api_gateway_method" "options" {\n  http_method = "OPTIONS"\n'
                '  authorization = "NONE"\n}\n',
            },
        ),
    ],
    flagged=[
        Example(
            "an API open by its own word",
            {
                "Api.cs": '[AllowAnonymous]\n[HttpGet("/customers")]\npublic Task Customers() => Find();\n\n'
                '[AllowAnonymous]\n[HttpDelete("/customers/{id}")]\npublic Task Delete(int id) => '
                "Drop(id);\n"
            },
        )
    ],
    silent=[
        Example(
            "a handler that is open by its own word and asks by itself",
            {
                "src/pay.controller.ts": "@Controller('pay')\nexport class Pay {\n  @Public()\n"
                "  @Post('charge')\n  async charge() {\n"
                "    if (!known) throw new UnauthorizedException()\n  }\n}\n"
            },
        ),
        Example(
            "metrics for everybody beside guarded routes",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n\n\n"
                "@app.get('/metrics')\ndef metrics(): ...\n"
            },
        ),
        Example("the guard may stand elsewhere", {"app.py": "@app.get('/orders')\ndef orders(): ...\n"}),
        Example(
            "a function beside it that everybody may call",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n",
                "fn.tf": 'resource "aws_lambda_function_url" "till" {\n  authorization_type = "NONE"\n}\n',
            },
        ),
        Example(
            "a module of others beside it that lets everybody in",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n",
                "sg.tf": _MODULE % "ssh-tcp",
            },
        ),
        Example(
            "a method of a gateway beside it that asks nobody who they are",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n",
                "api.yaml": "Resources:\n  Get:\n    Type: AWS::ApiGateway::Method\n    Properties:\n"
                "      HttpMethod: GET\n      AuthorizationType: NONE\n",
            },
        ),
    ],
)
def routes_are_guarded(routes: Routes, entries: Entries, code: Code) -> Iterator[Draft]:
    """Each route that is no login, health check or the like has a guard that can be seen, in code or at a gateway."""
    data = [r for r in routes.routes if not BY_NATURE.search(r.path)]
    changing = ("POST", "PUT", "PATCH", "DELETE")
    lines = _lines(routes)
    writes = [r for r in data if r.guarded is False and r.method in changing and not _refuses(r, lines, code)]
    inner = [r for r in routes.routes if _INNER.search(r.path) and not r.guarded]
    called = [r for r in routes.routes if BY_NATURE.search(r.path) and r.guarded is False and r.method in changing]
    if writes:
        yield failed(
            each(writes, name=lambda r: f"{r.method} {r.path}", at=lambda r: r.source).say(
                "{} {changes} data and {is} declared open to everyone"
            ),
            examined(len(data), "routes"),
            confidence="medium",
        )
    elif data and all(r.guarded for r in data) and entries.unguarded:
        beside = each(entries.unguarded, name=lambda entry: entry.address, at=lambda entry: entry.says("guarded").at)
        yield unsure(beside.say("Each data route in code has a guard; {} {takes} requests of everybody"))
    elif data and all(r.guarded for r in data) and entries.opened:
        beside = each(entries.opened, name=lambda entry: entry.address, at=lambda entry: entry.at)
        yield unsure(beside.say("Each data route in code has a guard; {} {lets} everybody in to more than the web"))
    elif data and all(r.guarded for r in data) and inner:
        beside = each(inner, name=lambda r: r.path, at=lambda r: r.source)
        yield unsure(beside.say("Each data route has a guard; {} {shows} what goes on within to whoever asks"))
    elif data and all(r.guarded for r in data) and (bare := [r for r in called if not _refuses(r, lines, code)]):
        beside = each(bare, name=lambda r: f"{r.method} {r.path}", at=lambda r: r.source)
        yield unsure(beside.say("Each data route has a guard; {} {is} open by its own word"))
    elif data and all(r.guarded for r in data):
        yield passed(
            "Each data route has a guard",
            *(r.source for r in data),
            examined(len(data), "routes"),
            confidence="medium",
        )


def _lines(routes: Routes) -> dict[str, list[int]]:
    """The lines of each file that declare routes, in order."""
    found: dict[str, list[int]] = {}
    for route in routes.routes:
        found.setdefault(route.file, []).append(route.line)
    return {file: sorted(lines) for file, lines in found.items()}


def _refuses(route: Route, lines: Mapping[str, Sequence[int]], code: Code) -> bool:
    """Whether the handler of *route* turns callers away by itself, before the next route of its file."""
    own = lines[route.file]
    later = bisect_right(own, route.line)
    end = min([route.line + _FAR, *(line - 1 for line in own[later : later + 1])])
    return bool(code[REFUSES].within(route.file, route.line, end))
