"""Checks that routes are read as each framework writes them."""

from __future__ import annotations

import pytest

from tests.evidence.readers.routed import routes_of

CASES = [
    (
        "a.py",
        "from flask import Flask\n@app.route('/x', methods=['POST'])\ndef x(): ...\n",
        "flask",
        "POST",
        "/x",
        None,
    ),
    ("a.py", "from flask import Flask\n@app.route('/x')\n@login_required\ndef x(): ...\n", "flask", "ANY", "/x", True),
    ("a.py", "import fastapi\n@r.get('/x')\ndef x(u=Depends(get_current_user)): ...\n", "fastapi", "GET", "/x", True),
    (
        "a.py",
        "from flask import Flask\n@a.route('/x', methods=['GET', 'POST'])\ndef x(): ...\n",
        "flask",
        "ANY",
        "/x",
        None,
    ),
    ("site/urls.py", "urlpatterns = [\n    path('x/', views.x),\n]\n", "django", "ANY", "x/", None),
    ("site/urls.py", "urlpatterns = [path('x/', login_required(views.x))]\n", "django", "ANY", "x/", True),
    ("a.js", "const e = require('express')\napp.post('/x', isLoggedIn, create)\n", "express", "POST", "/x", True),
    ("a.js", "import Koa from 'koa'\nrouter.get('/x', list)\n", "koa", "GET", "/x", None),
    ("a.ts", "import fastify from 'fastify'\nfastify.put('/x', save)\n", "fastify", "PUT", "/x", None),
    ("a.ts", "class A {\n@UseGuards(AuthGuard)\n@Get('x')\nfind() {}\n}\n", "nestjs", "GET", "x", True),
    ("A.java", '@PreAuthorize("x")\n@DeleteMapping("/x")\nvoid x() {}\n', "spring", "DELETE", "/x", True),
    ("a.go", 'import "github.com/gin-gonic/gin"\nr.GET("/x", get)\n', "gin", "GET", "/x", None),
    ("a.go", 'import "github.com/go-chi/chi/v5"\nr.Post("/x", save)\n', "chi", "POST", "/x", None),
    ("a.go", 'import "net/http"\nmux.HandleFunc("GET /x", get)\n', "net/http", "GET", "/x", None),
    (
        "config/routes.rb",
        "Rails.application.routes.draw do\n  post '/x', to: 'x#y'\nend\n",
        "rails",
        "POST",
        "/x",
        None,
    ),
    ("routes/web.php", "<?php\nRoute::get('/x', X::class)->middleware('auth');\n", "laravel", "GET", "/x", True),
    ("A.cs", '[Authorize]\n[HttpGet("/x")]\npublic Task X() => Y();\n', "aspnet", "GET", "/x", True),
    ("A.cs", '[AllowAnonymous]\n[HttpPost("/x")]\npublic Task X() => Y();\n', "aspnet", "POST", "/x", False),
    ("a.rs", '#[get("/x")]\nasync fn x() {}\n', "actix", "GET", "/x", None),
    ("pages/api/x.ts", "export default function handler() {}\n", "nextjs", "ANY", "/api/x", None),
]


class TestRoutesReader:
    @pytest.mark.parametrize(("path", "text", "framework", "method", "route", "guarded"), CASES)
    def test_reads_each_framework(self, path, text, framework, method, route, guarded):
        """
        Method, path and a visible guard are read as each framework writes them.
        """
        found = routes_of({path: text}).routes

        assert [(framework, method, route, guarded)] == [(r.framework, r.method, r.path, r.guarded) for r in found]

    def test_a_guard_before_the_routes_guards_them(self):
        """
        What ``router.use`` demands holds for the routes below it, under its prefix.
        """
        text = "router.get('/a', x)\nrouter.use('/b', requireAuth())\nrouter.get('/b/c', x)\nrouter.get('/d', x)\n"

        assert [None, True, None] == [r.guarded for r in routes_of({"a.js": text}).routes]

    def test_calls_of_clients_are_no_routes(self):
        """
        A client's ``get`` and a setting's ``get`` are left alone, and so are tests.
        """
        files = {"a.js": "axios.get('/x')\napp.get('port')\n", "tests/a.js": "app.get('/x', y)\n"}

        assert () == routes_of(files).routes

    def test_finds_openapi_documents(self):
        """
        A file counts by its name and by what it says at the top.
        """
        files = {"docs/openapi.yaml": "openapi: 3.1.0\ninfo: {}\n", "swagger.json": '{"other": 1}\n'}

        assert ["docs/openapi.yaml:1"] == [str(s) for s in routes_of(files).specifications]

    def test_packed_code_is_left_alone(self):
        """
        Lines of thousands of characters declare nothing that anyone wrote.
        """
        assert () == routes_of({"a.js": "x;" * 2000 + "app.get('/x', y)\n"}).routes


VOID_ROUTES = [
    ("a.js", "const e = require('express')\n/*\napp.post('/x', create)\n*/\n"),
    ("a.js", "const e = require('express')\nif (false) {\n  app.post('/x', create)\n}\n"),
    ("a.js", "const e = require('express')\nif (false) {\n  /* é */ app.post('/x', create)\n}\n"),
    ("a.js", "const e = require('express')\nfunction unused() {\n  app.post('/x', create)\n}\n"),
    ("a.js", "function unused() {\n  app.post('/x', create)\n}\n"),
    ("config/routes.rb", "Rails.application.routes.draw do\n  return\n  post '/x', to: 'x#y'\nend\n"),
    ("config/routes.rb", "__END__\npost '/x', to: 'x#y'\n"),
    ("routes/web.php", "<?php\nif (false) {\n  Route::get('/x', X::class);\n}\n"),
    ("A.cs", 'class A {\n#if false\n[HttpGet("/x")]\npublic Task X() => Y();\n#endif\n}\n'),
    ("app/x/route.ts", "/*\nexport async function GET() {}\n*/\n"),
]
GUARDS = [
    ("a.js", "const e = require('express')\napp.use(requireAuth)\napp.post('/x', create)\n", True),
    ("a.js", "const e = require('express')\n// app.use(requireAuth)\napp.post('/x', create)\n", None),
    ("a.js", "const e = require('express')\nif (false) {\n  app.use(requireAuth)\n}\napp.post('/x', create)\n", None),
    ("a.js", "const e = require('express')\napp.post('/x', create) // requireAuth comes later\n", None),
    (
        "pages/api/x.ts",
        "export default async function h(req, res) {\n  if (!(await getServerSession())) return res.status(401).end()\n"
        "  res.json(all)\n}\n",
        True,
    ),
    ("pages/api/x.ts", "// getServerSession()\nexport default function h() {}\n", None),
]


class TestWhatIsInForce:
    @pytest.mark.parametrize(("path", "text"), VOID_ROUTES)
    def test_a_void_route_is_set_aside(self, path, text):
        """
        What is commented out, never reached or called by nobody is no route, whatever the language.
        """
        assert () == routes_of({path: text}).routes

    @pytest.mark.parametrize(("path", "text", "guarded"), GUARDS)
    def test_only_a_guard_in_force_guards(self, path, text, guarded):
        """
        A guard in a comment, or behind a condition that is never true, guards nothing.
        """
        (route,) = routes_of({path: text}).routes

        assert guarded == route.guarded

    def test_an_open_route_behind_a_flag_is_not_forgotten(self):
        """
        Whether it is there nobody can tell; it is kept as what may be open, and with its guard it is none.
        """
        behind = "const e = require('express')\nif (process.env.EXTRA === 'yes') {{\n  {}\n}}\n"
        open_one = routes_of({"a.js": behind.format("app.post('/x', create)")})
        guarded_one = routes_of({"a.js": behind.format("app.post('/x', requireAuth, create)")})

        assert [("/x", None)] == [(route.path, route.guarded) for route in open_one.routes]
        assert [("/x", True)] == [(route.path, route.guarded) for route in guarded_one.routes]

    def test_a_function_that_another_file_names_counts(self):
        """
        Scripts that are no modules share their functions.
        """
        script = "function add() {\n  app.post('/x', create)\n}\n"

        assert ["/x"] == [route.path for route in routes_of({"a.js": script, "b.js": "add()\n"}).routes]
        assert () == routes_of({"a.js": script, "b.js": "function add() {}\n"}).routes


DEEP = {
    "a.rs": "async fn list(a: " + "A<" * 1_900 + "B" + ">" * 1_900 + ") {}\n"
    'fn main() {\n    Router::new().route("/x", get(list));\n}\n',
    "routes/web.php": "<?php\nRoute::get(" + "'/'." * 990 + "'x', f(...));\n",
    "config/routes.rb": "Rails.application.routes.draw do\n"
    + "scope 'a' do\n" * 300
    + "get 'x', to: 'x#y'\n"
    + "end\n" * 301,
    "lib/router.ex": "defmodule A.Router do\n  use A, :router\n" + "quote do\n" * 400 + "end\n" * 401,
}


class TestDepth:
    @pytest.mark.parametrize(("path", "text"), DEEP.items(), ids=DEEP)
    def test_what_is_nested_too_deeply_is_no_mistake_of_the_house(self, path, text):
        """
        That it cannot be told is said of its file; the others are read all the same.
        """
        beside = {"a.js": "const e = require('express')\napp.post('/other', create)\n"}
        found = routes_of({path: text, **beside})

        assert "/other" in [route.path for route in found.routes]
        assert {path} == {*(problem.path for problem in found.problems), *(aside.path for aside in found.aside)}
