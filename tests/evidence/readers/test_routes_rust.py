"""Routes of axum, actix-web and Rocket are followed to all that they hang on and to what they ask of a request."""

from __future__ import annotations

import pytest

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree

AXUM = "use axum::{routing::get, Router};\nasync fn list() -> String { String::new() }\n"
NEEDS = (
    "async fn needs(req: Request, next: Next) -> Result<Response, StatusCode> {\n"
    "    if req.extensions().get::<User>().is_none() {\n        return Err(StatusCode::UNAUTHORIZED);\n    }\n"
    "    Ok(next.run(req).await)\n}\n"
)
OPEN = "async fn needs(req: Request, next: Next) -> Response {\n    next.run(req).await\n}\n"
LAYER = ".layer(middleware::from_fn(needs))"
USER = (
    "impl<S> FromRequestParts<S> for User {\n"
    "    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {\n"
    "        parts.extensions.get::<User>().cloned().ok_or(StatusCode::UNAUTHORIZED)\n    }\n}\n"
)


def routes_of(files: dict[str, str]) -> Routes:
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]


def app(chain: str, more: str = "") -> dict[str, str]:
    return {"src/main.rs": f"{AXUM}{more}fn app() -> Router {{\n    {chain}\n}}\nfn main() {{\n    serve(app());\n}}\n"}


HANGS: dict[str, tuple[dict[str, str], list[str]]] = {
    "a route": (app('Router::new().route("/x", get(list))'), ["GET /x"]),
    "several methods": (app('Router::new().route("/x", get(list).post(list))'), ["GET /x", "POST /x"]),
    "any method": (app('Router::new().route("/x", any(list))'), ["ANY /x"]),
    "a nest": (app('Router::new().nest("/v1", Router::new().route("/x", get(list)))'), ["GET /v1/x"]),
    "a merge": (app('Router::new().merge(Router::new().route("/x", get(list)))'), ["GET /x"]),
    "a nest of a function": (
        app(
            'Router::new().nest("/v1", inner())',
            'fn inner() -> Router {\n    Router::new().route("/x", get(list))\n}\n',
        ),
        ["GET /v1/x"],
    ),
    "a nest of a variable": (
        app('let inner = Router::new().route("/x", get(list));\n    Router::new().nest("/v1", inner)'),
        ["GET /v1/x"],
    ),
    "a variable that grows": (
        app('let mut r = Router::new().route("/x", get(list));\n    r = r.route("/y", get(list));\n    r'),
        ["GET /x", "GET /y"],
    ),
    "a function of another file": (
        {
            "src/orders.rs": AXUM + 'pub fn router() -> Router {\n    Router::new().route("/x", get(list))\n}\n',
            "src/items.rs": AXUM + 'pub fn router() -> Router {\n    Router::new().route("/y", get(list))\n}\n',
            **app('Router::new().nest("/orders", orders::router()).nest("/items", crate::items::router())'),
        },
        ["GET /items/y", "GET /orders/x"],
    ),
}
ACTIX = 'use actix_web::{get, web, App};\n#[get("/x")]\nasync fn list() -> String { String::new() }\n'
ROCKET = 'use rocket::Route;\n#[get("/x?<page>")]\nfn list(page: u8) -> String { String::new() }\n'
HANGS |= {
    "an attribute alone": ({"src/a.rs": ACTIX}, ["GET /x"]),
    "an attribute of several methods": (
        {"src/a.rs": ACTIX.replace('#[get("/x")]', '#[route("/x", method = "GET", method = "POST")]')},
        ["GET /x", "POST /x"],
    ),
    "a service": ({"src/a.rs": ACTIX + "fn main() {\n    App::new().service(list);\n}\n"}, ["GET /x"]),
    "a service in a scope": (
        {"src/a.rs": ACTIX + 'fn main() {\n    App::new().service(web::scope("/v1").service(list));\n}\n'},
        ["GET /v1/x"],
    ),
    "a route in a scope in a closure": (
        {
            "src/a.rs": ACTIX.replace('#[get("/x")]\n', "") + "fn main() {\n    HttpServer::new(move || {\n"
            '        App::new().service(web::scope("/v1").route("/y", web::post().to(list)))\n    });\n}\n'
        },
        ["POST /v1/y"],
    ),
    "a resource": (
        {
            "src/a.rs": ACTIX.replace('#[get("/x")]\n', "")
            + 'fn main() {\n    App::new().service(web::resource("/y").route(web::get().to(list)));\n}\n'
        },
        ["GET /y"],
    ),
    "a configuration": (
        {
            "src/a.rs": ACTIX + "fn config(cfg: &mut web::ServiceConfig) {\n    cfg.service(list);\n}\n"
            'fn main() {\n    App::new().service(web::scope("/v1").configure(config));\n}\n'
        },
        ["GET /v1/x"],
    ),
    "what is mounted": (
        {"src/a.rs": ROCKET + 'fn main() {\n    rocket::build().mount("/v1", routes![list]);\n}\n'},
        ["GET /v1/x"],
    ),
    "what a function lists": (
        {
            "src/api.rs": ROCKET + "pub fn routes() -> Vec<Route> {\n    routes![list]\n}\n",
            "src/main.rs": 'fn main() {\n    rocket::build().mount("/v1", api::routes());\n}\n',
        },
        ["GET /v1/x"],
    ),
    "what a function appends under another name": (
        {
            "src/api/core.rs": ROCKET + "pub fn routes() -> Vec<Route> {\n    routes![list]\n}\n",
            "src/api/mod.rs": "pub use crate::api::core::routes as core_routes;\n"
            "pub fn all() -> Vec<Route> {\n    let mut all = routes![];\n"
            "    all.append(&mut core_routes());\n    all\n}\n",
            "src/main.rs": 'fn main() {\n    rocket::build().mount([base, "/v1"].concat(), api::all());\n}\n',
        },
        ["GET /v1/x"],
    ),
}
ROUTE = 'Router::new().route("/x", get(list))'
GUARDED: dict[str, dict[str, str]] = {
    "a layer": app(ROUTE + LAYER, NEEDS),
    "a layer of routes": app(ROUTE + ".route_layer(middleware::from_fn_with_state(state, needs))", NEEDS),
    "a layer around the method": app('Router::new().route("/x", get(list).layer(from_fn(needs)))', NEEDS),
    "a layer around the nest": app(f'Router::new().nest("/", {ROUTE}){LAYER}', NEEDS),
    "a layer of the function that takes it over": app(
        f'Router::new().nest("/", inner()){LAYER}', f"{NEEDS}fn inner() -> Router {{\n    {ROUTE}\n}}\n"
    ),
    "a layer of a library": app(ROUTE + ".layer(ValidateRequestHeaderLayer::bearer(&key))"),
    "a layer of another file": {
        "src/auth.rs": NEEDS.replace("async fn", "pub async fn"),
        **app(ROUTE + ".layer(from_fn(auth::needs))"),
    },
    "an argument": {
        "src/main.rs": USER + AXUM.replace("list()", "list(user: User)") + f"fn main() {{\n    serve({ROUTE});\n}}\n"
    },
    "an argument of another file": {
        "src/auth.rs": USER,
        "src/main.rs": AXUM.replace("list()", "list(user: User)") + f"fn main() {{\n    serve({ROUTE});\n}}\n",
    },
    "a check in the handler": {
        "src/main.rs": AXUM.replace(
            "list() -> String { String::new() }",
            "list(s: Session) -> Result<String, StatusCode> {\n    if s.user.is_none() {\n"
            "        return Err(StatusCode::UNAUTHORIZED);\n    }\n    Ok(String::new())\n}",
        )
        + f"fn main() {{\n    serve({ROUTE});\n}}\n"
    },
    "a check that the handler calls": {
        "src/main.rs": AXUM.replace("{ String::new() }", "{\n    let user = check(&s).await?;\n    render(user)\n}")
        + "async fn check(s: &Session) -> Result<User, StatusCode> {\n"
        "    s.user.clone().ok_or(StatusCode::FORBIDDEN)\n}\n" + f"fn main() {{\n    serve({ROUTE});\n}}\n"
    },
}
NOT_GUARDED: dict[str, dict[str, str]] = {
    "nothing": app(ROUTE),
    "a layer that lets all pass": app(ROUTE + LAYER, OPEN),
    "a layer before the route": app(f'Router::new(){LAYER}.route("/x", get(list))', NEEDS),
    "a layer around another": app(f'Router::new().merge(Router::new(){LAYER}).route("/x", get(list))', NEEDS),
    "a layer in a comment": app(ROUTE + f" // {LAYER}", NEEDS),
    "a layer that nobody has written": app(ROUTE + LAYER),
    "a layer whose refusal is dead": app(
        ROUTE + LAYER,
        NEEDS.replace("if req.extensions().get::<User>().is_none()", "if false"),
    ),
    "an argument that may be missing": {
        "src/main.rs": USER
        + AXUM.replace("list()", "list(user: Option<User>)")
        + f"fn main() {{\n    serve({ROUTE});\n}}\n"
    },
    "an argument that all have": {
        "src/main.rs": USER.replace(".ok_or(StatusCode::UNAUTHORIZED)", ".unwrap_or_default()")
        + AXUM.replace("list()", "list(user: User)")
        + f"fn main() {{\n    serve({ROUTE});\n}}\n"
    },
}
VOID: dict[str, str] = {
    "commented out": AXUM + 'fn main() {\n    let app = Router::new(); // .route("/x", get(list));\n}\n',
    "in a dead branch": AXUM + f"fn main() {{\n    if false {{\n        serve({ROUTE});\n    }}\n}}\n",
    "after a return": AXUM + f"fn main() {{\n    return;\n    serve({ROUTE});\n}}\n",
    "in a test": AXUM + f"#[cfg(test)]\nmod tests {{\n    fn app() {{\n        serve({ROUTE});\n    }}\n}}\n",
    "an attribute in a comment": 'use actix_web::get;\n// #[get("/x")]\nasync fn list() {}\n',
    "a handler that is not among those that are listed": ROCKET
    + 'fn other() {}\nfn main() {\n    rocket::build().mount("/", routes![other]);\n}\n',
}


class TestRust:
    @pytest.mark.parametrize(("files", "expected"), HANGS.values(), ids=HANGS)
    def test_paths_have_all_that_they_hang_on(self, files, expected):
        """
        Methods and paths are those under which a route is reached.
        """
        assert expected == sorted(f"{method} {path}" for method, path, _ in told(files))

    @pytest.mark.parametrize("files", GUARDED.values(), ids=GUARDED)
    def test_a_guard_is_followed_to_its_definition(self, files):
        """
        Layers, arguments and checks guard where they turn somebody away.
        """
        assert [("GET", "/x", True)] == told(files)

    @pytest.mark.parametrize("files", NOT_GUARDED.values(), ids=NOT_GUARDED)
    def test_what_turns_nobody_away_guards_nothing(self, files):
        """
        What lets all pass, stands around others or is not in force is no guard.
        """
        assert [("GET", "/x", None)] == told(files)

    @pytest.mark.parametrize("text", VOID.values(), ids=VOID)
    def test_a_void_route_is_none(self, text):
        """
        What never runs, or is listed nowhere, declares nothing.
        """
        assert [] == told({"src/main.rs": text})

    @pytest.mark.parametrize(("wrapped", "guarded"), [(".wrap(HttpAuthentication::bearer(check))", True), ("", None)])
    def test_what_is_wrapped_around_a_scope(self, wrapped, guarded):
        """
        It holds for all of the scope, wherever it is written.
        """
        text = ACTIX + f'fn main() {{\n    App::new().service(web::scope("/v1"){wrapped}.service(list));\n}}\n'

        assert [("GET", "/v1/x", guarded)] == told({"src/main.rs": text})

    @pytest.mark.parametrize(("status", "guarded"), [("Unauthorized", True), ("BadRequest", None)])
    def test_an_argument_of_rocket_that_a_macro_refuses(self, status, guarded):
        """
        A macro of the tree is followed as a function is.
        """
        text = (
            f"macro_rules! deny {{\n    ($e:expr) => {{{{ return Outcome::Error((Status::{status}, $e)); }}}};\n}}\n"
            "impl<'r> FromRequest<'r> for Headers {\n"
            "    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Error> {\n"
            '        match request.headers().get_one("Authorization") {\n            None => deny!("no"),\n'
            "            Some(it) => Outcome::Success(Headers(it)),\n        }\n    }\n}\n"
        )
        route = ROCKET.replace("page: u8", "page: u8, headers: Headers")
        mounted = 'fn main() {\n    rocket::build().mount("/", routes![list]);\n}\n'

        assert [("GET", "/x", guarded)] == told({"src/auth.rs": text, "src/main.rs": route + mounted})

    def test_a_path_that_cannot_be_read_is_told(self):
        """
        Nobody can tell then whether all routes are known.
        """
        found = routes_of(app("Router::new().route(PATH, get(list))"))

        assert [("route", False)] == [(one.what, one.void) for one in found.aside]
