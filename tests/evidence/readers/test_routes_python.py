"""Routes of Python are followed to their prefixes and to the guards that stand before them."""

from __future__ import annotations

import pytest

from tests.evidence.readers.routed import routes_of, told

FLASK = "from flask import Flask, Blueprint, abort, session, g\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import APIRouter, Depends, FastAPI, HTTPException\napp = FastAPI()\n"
DJANGO = "from django.urls import include, path\nfrom . import views\n"
NEEDS = (
    "from functools import wraps\nfrom flask import abort, g\ndef needs(role):\n    def wrap(f):\n        @wraps(f)\n"
    "        def inner(*a, **k):\n            if role not in g.user.roles:\n                abort(403)\n"
    "            return f(*a, **k)\n        return inner\n    return wrap\n"
)
CURRENT = (
    "from fastapi import HTTPException\ndef owner(token: str = ''):\n    if token not in known():\n"
    "        raise HTTPException(status_code=401)\n    return token\n"
)


GUARDED: dict[str, dict[str, str]] = {
    "a decorator that is wrapped again": {
        "a.py": FLASK + "def gate(f):\n    def inner(*a):\n        if 'user' not in session:\n            abort(401)\n"
        "        return f(*a)\n    return inner\ngate = counted(gate)\n@app.route('/x')\n@gate\ndef x(): ...\n"
    },
    "a decorator that turns away what it catches": {
        "a.py": FLASK
        + "def gate(f):\n    def inner(*a):\n        try:\n            known(session)\n        except Exception:\n"
        "            abort(401)\n        return f(*a)\n    return inner\n@app.route('/x')\n@gate\ndef x(): ...\n"
    },
    "logins that may be switched off in tests": {
        "a.py": FLASK + "from flask_login import login_required\napp.config['LOGIN_DISABLED'] = False\n"
        "@app.route('/x')\n@login_required\ndef x(): ...\n"
    },
    "a decorator by its name": {"a.py": FLASK + "@app.route('/x')\n@login_required\ndef x(): ...\n"},
    "a decorator of its own name": {
        "auth.py": NEEDS,
        "a.py": FLASK + "from auth import needs\n@app.route('/x')\n@needs('admin')\ndef x(): ...\n",
    },
    "a decorator under another name": {
        "shop/auth.py": NEEDS,
        "shop/a.py": FLASK + "from .auth import needs as only\n@app.route('/x')\n@only('a')\ndef x(): ...\n",
    },
    "a decorator by way of the package": {
        "shop/auth/__init__.py": "from .rules import *\n",
        "shop/auth/rules.py": NEEDS,
        "shop/a.py": FLASK + "from shop.auth import needs\n@app.route('/x')\n@needs('a')\ndef x(): ...\n",
    },
    "a decorator of a module": {
        "shop/auth.py": NEEDS,
        "shop/a.py": FLASK + "from shop import auth\n@app.route('/x')\n@auth.needs('a')\ndef x(): ...\n",
    },
    "a decorator that reads the session": {
        "a.py": FLASK + "def gate(f):\n    def inner(*a):\n        if 'user' not in session:\n"
        "            return redirect(url_for('login'))\n        return f(*a)\n    return inner\n"
        "@app.route('/x')\n@gate\ndef x(): ...\n"
    },
    "a decorator around another": {
        "a.py": FLASK
        + "def gate(f):\n    @login_required\n    def inner(*a):\n        return f(*a)\n    return inner\n"
        "@app.route('/x')\n@gate\ndef x(): ...\n"
    },
    "an object's decorator": {
        "a.py": FLASK + "auth = HTTPBasicAuth()\n@app.route('/x')\n@auth.login_required\ndef x(): ...\n"
    },
    "an object's own decorator": {
        "a.py": FLASK + "class Gate:\n    def open(self, f):\n        def inner(*a):\n            if not g.user:\n"
        "                abort(401)\n            return f(*a)\n        return inner\ngate = Gate()\n"
        "@app.route('/x')\n@gate.open\ndef x(): ...\n"
    },
    "itself": {
        "a.py": FLASK + "@app.route('/x')\ndef x():\n    if not session.get('user'):\n        abort(401)\n    go()\n"
    },
    "a call": {"a.py": FLASK + "@app.route('/x')\ndef x():\n    require_admin()\n    go()\n"},
    "a call of its own name": {
        "auth.py": CURRENT,
        "a.py": FLASK + "from auth import owner\n@app.route('/x')\ndef x():\n    owner()\n",
    },
    "before each request": {
        "a.py": FLASK + "@app.before_request\ndef look():\n    if not g.user:\n        abort(401)\n"
        "@app.route('/x')\ndef x(): ...\n"
    },
    "before each request of a blueprint": {
        "a.py": "from flask import Blueprint\nbp = Blueprint('a', __name__)\n@bp.before_request\n@login_required\n"
        "def look(): ...\n@bp.route('/x')\ndef x(): ...\n"
    },
    "before each request of the program": {
        "b.py": "from flask import Blueprint, abort, g\n"
        "bp = Blueprint('b', __name__)\n@bp.before_app_request\ndef look():\n"
        "    if not g.user:\n        abort(401)\n",
        "a.py": FLASK + "@app.route('/x')\ndef x(): ...\n",
    },
    "a class of views": {
        "a.py": FLASK + "class X(MethodView):\n    decorators = [login_required]\n    def get(self): ...\n"
        "app.add_url_rule('/x', view_func=X.as_view('x'))\n"
    },
    "a class above": {
        "base.py": "from flask_restful import Resource\nclass Base(Resource):\n"
        "    method_decorators = [login_required]\n",
        "x.py": "from base import Base\nclass X(Base):\n    def get(self): ...\n",
        "a.py": "from flask_restful import Api\nfrom x import X\napi = Api()\napi.add_resource(X, '/x')\n",
    },
    "each method of a class": {
        "a.py": "from flask_restful import Api, Resource\nclass X(Resource):\n"
        "    @login_required\n    def get(self): ...\n"
        "    def post(self):\n        require_admin()\napi = Api()\napi.add_resource(X, '/x')\n"
    },
    "a dependency by its name": {"a.py": FASTAPI + "@app.get('/x')\ndef x(user=Depends(get_current_user)): ...\n"},
    "a dependency of its own name": {
        "core/auth.py": CURRENT,
        "core/a.py": FASTAPI + "from core.auth import owner\n@app.get('/x')\ndef x(who=Depends(owner)): ...\n",
    },
    "a dependency of a dependency": {
        "a.py": FASTAPI
        + CURRENT
        + "def boss(who=Depends(owner)):\n    return who\n@app.get('/x')\ndef x(a=Depends(boss)): ...\n"
    },
    "a dependency in a type": {
        "a.py": FASTAPI + CURRENT + "@app.get('/x')\ndef x(who: Annotated[str, Depends(owner)]): ...\n"
    },
    "a dependency in a type with a name": {
        "deps.py": CURRENT + "Who = Annotated[str, Depends(owner)]\n",
        "a.py": FASTAPI + "from deps import Who\n@app.get('/x')\ndef x(who: Who): ...\n",
    },
    "a dependency that is an object": {
        "a.py": FASTAPI + "class Roles:\n    def __call__(self, user):\n        if not user.admin:\n"
        "            raise HTTPException(403)\n@app.get('/x')\ndef x(a=Depends(Roles())): ...\n"
    },
    "a scheme": {
        "a.py": FASTAPI + "scheme = OAuth2PasswordBearer(tokenUrl='t')\n@app.get('/x')\ndef x(t=Depends(scheme)): ...\n"
    },
    "a dependency of the route": {
        "a.py": FASTAPI + CURRENT + "@app.get('/x', dependencies=[Depends(owner)])\ndef x(): ...\n"
    },
    "a dependency of the router": {
        "a.py": FASTAPI + CURRENT + "r = APIRouter(dependencies=[Depends(owner)])\n@r.get('/x')\ndef x(): ...\n"
    },
    "a dependency of the app": {
        "a.py": CURRENT + "from fastapi import Depends, FastAPI\n"
        "app = FastAPI(dependencies=[Depends(owner)])\n@app.get('/x')\ndef x(): ...\n"
    },
    "a dependency where it is taken in": {
        "deps.py": CURRENT,
        "r.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n",
        "a.py": FASTAPI
        + "from deps import owner\nimport r\napp.include_router(r.router, dependencies=[Depends(owner)])\n",
    },
    "a router of one's own": {
        "r.py": CURRENT
        + "from fastapi import APIRouter, Depends\nclass UserRouter(APIRouter):\n    def __init__(self, **k):\n"
        "        super().__init__(dependencies=[Depends(owner)], **k)\n",
        "a.py": "from r import UserRouter\nr = UserRouter()\n@r.get('/x')\ndef x(): ...\n",
    },
    "a class of routes": {
        "a.py": FASTAPI + CURRENT + "r = APIRouter()\nclass Base:\n    who: str = Depends(owner)\nclass X(Base):\n"
        "    @r.get('/x')\n    def x(self): ...\n"
    },
    "a middleware": {
        "a.py": FASTAPI + "@app.middleware('http')\nasync def look(request, call_next):\n    if not request.user:\n"
        "        return JSONResponse({}, status_code=401)\n"
        "    return await call_next(request)\n@app.get('/x')\ndef x(): ...\n"
    },
    "a class of middleware": {
        "a.py": FASTAPI + "class Look(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n"
        "        if not request.user:\n"
        "            return Response(status_code=401)\n        return await call_next(request)\n"
        "app.add_middleware(Look)\n@app.get('/x')\ndef x(): ...\n"
    },
    "starlette's decorator": {
        "a.py": "from starlette.routing import Route\n@requires('authenticated')\n"
        "def x(r): ...\nroutes = [Route('/x', x)]\n"
    },
    "django's decorator": {
        "s/views.py": "@login_required\ndef x(request): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.x)]\n",
    },
    "django's decorator in the list": {"s/urls.py": DJANGO + "urlpatterns = [path('x', login_required(views.x))]\n"},
    "django's decorator of a class": {
        "s/views.py": "@method_decorator(login_required, name='dispatch')\nclass X(View):\n    def get(self, r): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "django's mixin": {
        "s/views.py": "class X(LoginRequiredMixin, View):\n    def get(self, request): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "a view that leaves it to others": {
        "s/views.py": "@login_required\ndef a(r): ...\n@login_required\ndef b(r): ...\n"
        "def x(r):\n    if r.method == 'POST':\n"
        "        return a(r)\n    return b(r)\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.x)]\n",
    },
    "a permission": {
        "s/views.py": "class X(APIView):\n    permission_classes = [IsAuthenticated]\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "a permission of one's own": {
        "s/views.py": "class Mine(BasePermission):\n    def has_permission(self, request, view):\n"
        "        return request.user.shop == view.shop\nclass X(APIView):\n    permission_classes = [Mine]\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "a permission by default": {
        "s/settings.py": "R"
        "EST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n",
        "s/views.py": "class X(ModelViewSet):\n    def get_permissions(self): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "a middleware of django": {
        "s/settings.py": "MIDDLEWARE = ['django.contrib.auth.middleware.LoginRequiredMiddleware']\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.x)]\n",
    },
    "aiohttp": {"a.py": "from aiohttp import web\n@login_required\nasync def x(r): ...\napp.router.add_get('/x', x)\n"},
}
GATE = "def gate(f):\n    def inner(*a):\n{check}        return f(*a)\n{after}    return {left}\n{later}"
ROUTE = "@app.route('/x')\n@gate\ndef x(): ...\n"
CHECK = "        if 'user' not in session:\n            abort(401)\n"


def gate(check: str = CHECK, after: str = "", left: str = "inner", later: str = "") -> dict[str, str]:
    return {"a.py": FLASK + "import os\n" + GATE.format(check=check, after=after, left=left, later=later) + ROUTE}


UNGUARDED: dict[str, dict[str, str]] = {
    "a gate that never closes": gate(check="        if False:\n            abort(401)\n"),
    "a gate behind the way in": gate(check="", after="        abort(401)\n"),
    "a gate that is left standing beside": gate(left="f"),
    "a gate that something else is put in the place of": gate(later="gate = lambda f: f\n"),
    "a gate whose refusal is swallowed": gate(
        check="        try:\n            abort(401)\n        except Exception:\n            pass\n"
    ),
    "a gate for development": gate(
        check="        if os.environ.get('ENV') == 'development':\n            abort(401)\n"
    ),
    "logins that are switched off": {
        "a.py": FLASK + "from flask_login import login_required\napp.config['LOGIN_DISABLED'] = True\n"
        "@app.route('/x')\n@login_required\ndef x(): ...\n"
    },
    "nothing": {"a.py": FLASK + "@app.route('/x')\ndef x(): ...\n"},
    "a decorator that the route does not see": {"a.py": FLASK + "@login_required\n@app.route('/x')\ndef x(): ...\n"},
    "a decorator in a comment": {"a.py": FLASK + "@app.route('/x')\n# @login_required\ndef x(): ...\n"},
    "a stub of a decorator": {
        "a.py": FLASK + "def login_required(f):\n    return f\n@app.route('/x')\n@login_required\ndef x(): ...\n"
    },
    "a stub of a decorator elsewhere": {
        "auth.py": "def login_required(f):\n    # TODO abort(401)\n    return f\n",
        "a.py": FLASK + "from auth import login_required\n@app.route('/x')\n@login_required\ndef x(): ...\n",
    },
    "a decorator that only counts": {
        "auth.py": "def needs(f):\n    def inner(*a):\n        hits.inc(403)\n"
        "        return f(*a)\n    return inner\n".replace("403", "1"),
        "a.py": FLASK + "from auth import needs\n@app.route('/x')\n@needs\ndef x(): ...\n",
    },
    "a decorator of itself": {
        "a.py": FLASK + "def needs(f):\n    go()\n    return needs(f)\n@app.route('/x')\n@needs\ndef x(): ...\n"
    },
    "an optional token": {"a.py": FLASK + "@app.route('/x')\n@jwt_required(optional=True)\ndef x(): ...\n"},
    "an optional user": {"a.py": FASTAPI + "@app.get('/x')\ndef x(user=Depends(get_optional_user)): ...\n"},
    "a scheme that lets pass": {
        "a.py": FASTAPI + "key = APIKeyHeader(name='k', auto_error=False)\n@app.get('/x')\ndef x(k=Depends(key)): ...\n"
    },
    "a user that is just read": {
        "deps.py": "def get_user(token=''):\n    # else 401\n    return find(token)\n",
        "a.py": FASTAPI + "from deps import get_user\n@app.get('/x')\ndef x(user=Depends(get_user)): ...\n",
    },
    "a database": {"a.py": FASTAPI + "@app.get('/x')\ndef x(db=Depends(get_db)): ...\n"},
    "a form": {
        "a.py": FLASK
        + "@app.route('/x')\ndef x():\n    if form.validate_on_submit():\n        return redirect(url_for('login'))\n"
    },
    "what is not found": {
        "a.py": FLASK + "@app.route('/x')\ndef x(id):\n    if id not in stock:\n        abort(404)\n"
    },
    "a guard on one of two ways": {
        "deps.py": CURRENT,
        "r.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n",
        "a.py": FASTAPI + "from deps import owner\nimport r\napp.include_router(r.router)\n"
        "app.include_router(r.router, prefix='/admin', dependencies=[Depends(owner)])\n",
    },
    "a guard of one of two methods": {
        "a.py": "from flask_restful import Api, Resource\nclass X(Resource):\n"
        "    @login_required\n    def get(self): ...\n"
        "    def post(self):\n        go()\napi = Api()\napi.add_resource(X, '/x')\n"
    },
    "another view of the module": {
        "s/views.py": "@login_required\ndef y(request): ...\ndef x(request): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.x)]\n",
    },
    "a permission that is always given": {
        "s/views.py": "class IsAuthenticated(BasePermission):\n"
        "    def has_permission(self, request, view):\n        return True\n"
        "class X(APIView):\n    permission_classes = [IsAuthenticated]\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "a hook of another router": {
        "a.py": FLASK + "bp = Blueprint('b', __name__)\n@bp.before_request\n@login_required\ndef look(): ...\n"
        "@app.route('/x')\ndef x(): ...\n"
    },
}
OPEN: dict[str, dict[str, str]] = {
    "a permission for everybody": {
        "s/views.py": "class X(APIView):\n    permission_classes = [AllowAny]\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.X.as_view())]\n",
    },
    "a decorator for everybody": {
        "s/views.py": "@api_view(['POST'])\n@permission_classes([AllowAny])\ndef x(request): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.x)]\n",
    },
    "an exception from all": {
        "s/settings.py": "MIDDLEWARE = ['django.contrib.auth.middleware.LoginRequiredMiddleware']\n",
        "s/views.py": "@login_not_required\ndef x(request): ...\n",
        "s/urls.py": DJANGO + "urlpatterns = [path('x', views.x)]\n",
    },
}
PATHS: list[tuple[dict[str, str], list[tuple[str, str]]]] = [
    ({"a.py": FASTAPI + "r = APIRouter(prefix='/a')\n@r.post('/x')\ndef x(): ...\n"}, [("POST", "/a/x")]),
    (
        {
            "r.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/a')\n@router.get('')\ndef x(): ...\n",
            "api/__init__.py": "from fastapi import APIRouter\nimport r\nall = APIRouter()\n"
            "all.include_router(r.router, prefix='/v1')\n",
            "a.py": FASTAPI + "from api import all\napp.include_router(all, prefix='/api')\n",
        },
        [("GET", "/api/v1/a")],
    ),
    (
        {
            "shop/b.py": "from flask import Blueprint\nbp = Blueprint('b', __name__, url_prefix='/b')\n"
            "@bp.route('/x', methods=['PUT'])\ndef x(): ...\n",
            "shop/a.py": "def create():\n    from .b import bp as b\n    app.register_blueprint(b, url_prefix='/c')\n",
        },
        [("PUT", "/c/x")],
    ),
    (
        {
            "site/urls.py": DJANGO
            + "urlpatterns = [path('shop/', include('shop.urls')), path('other/', include('gone.urls'))]\n",
            "shop/urls.py": DJANGO
            + "inner = [path('y/', views.y)]\nurlpatterns = [path('x/', views.x), path('in/', include(inner))]\n",
        },
        [("ANY", "shop/in/y/"), ("ANY", "shop/x/"), ("ANY", "other/")],
    ),
    (
        {
            "s/urls.py": DJANGO + "router = DefaultRouter()\nrouter.register('x', views.X)\n"
            "urlpatterns = [path('api/', include(router.urls))]\n"
        },
        [("ANY", "api/x")],
    ),
    ({"s/urls.py": DJANGO + "urlpatterns = [path('a/', include([path('b/', views.b)]))]\n"}, [("ANY", "a/b/")]),
    (
        {
            "a.py": "from starlette.routing import Mount, Route\n"
            "routes = [Mount('/a', routes=[Route('/x', x, methods=['POST'])])]\n"
        },
        [("POST", "/a/x")],
    ),
    (
        {"a.py": "from aiohttp import web\napp.add_routes([web.get('/x', x), web.post('/y', y)])\n"},
        [("GET", "/x"), ("POST", "/y")],
    ),
    ({"a.py": "from tornado.web import RequestHandler\nurls = [(r'/x', XHandler)]\n"}, [("ANY", "/x")]),
    ({"a.py": FLASK + "@app.route(rule('/x'), methods=('GET',))\ndef x(): ...\n"}, [("GET", "/x")]),
    (
        {"a.py": FASTAPI + "@app.api_route(f'/x/{version}', methods=['GET', 'POST'])\ndef x(): ...\n"},
        [("ANY", "/x/{version}")],
    ),
    ({"a.py": FLASK + "if False:\n    @app.route('/x')\n    def x(): ...\n"}, []),
    ({"a.py": FLASK + "if app.debug:\n    @app.route('/x')\n    def x(): ...\n"}, []),
    ({"a.py": "'''\n@app.get('/x')\ndef x(): ...\n'''\n"}, []),
    ({"a.py": "client.get(url)\nrequests.get('https://x')\ncache.get('x')\nos.environ.get('HOME')\n"}, []),
    ({"a.py": "response = client.get('/x')\n"}, []),
]


class TestPython:
    @pytest.mark.parametrize("name", GUARDED)
    def test_guarded(self, name):
        """
        A guard is one by what it does, where the tree defines it, and by its name where it does not.
        """
        assert [True] == [guarded for _, path, guarded in told(GUARDED[name]) if path.strip("/") == "x"]

    @pytest.mark.parametrize("name", UNGUARDED)
    def test_no_guard_in_sight(self, name):
        """
        What turns nobody away is no guard, whatever it is called and wherever it stands.
        """
        assert [None] == [guarded for _, path, guarded in told(UNGUARDED[name]) if path.strip("/").endswith("x")]

    @pytest.mark.parametrize("name", OPEN)
    def test_open(self, name):
        """
        A route that says so itself is open to everybody.
        """
        assert [False] == [guarded for _, path, guarded in told(OPEN[name])]

    @pytest.mark.parametrize(("files", "expected"), PATHS)
    def test_paths(self, files, expected):
        """
        A route has the prefixes of all that it hangs on; what is not in force and what asks others is none.
        """
        assert expected == [(method, path) for method, path, _ in told(files)]

    def test_what_is_void_is_told(self):
        """
        A route that cannot be reached stands aside with its reason.
        """
        aside = routes_of({"a.py": FLASK + "if False:\n    @app.route('/x')\n    def x(): ...\n"}).aside

        assert [("a.py", 4, True)] == [(one.path, one.line, one.void) for one in aside]

    @pytest.mark.parametrize(
        "text",
        [
            "@app.route('/x'\ndef x(): ...\n",
            "x = " + "(" * 100_000 + "\napp.route('/x')\n",
            "print 'x'\n@app.route('/x')\n",
        ],
    )
    def test_what_cannot_be_parsed_is_a_problem(self, text):
        """
        A module that has routes and is no Python is said.
        """
        fact = routes_of({"a.py": text})

        assert (["a.py"], ()) == ([problem.path for problem in fact.problems], fact.routes)

    def test_what_cannot_be_parsed_and_declares_nothing(self):
        """
        A script of another Python that speaks of refusals takes nothing away from the routes of a service.
        """
        fact = routes_of({"bin/profile.py": "print 'abort(403) for require_login'\n"})

        assert () == fact.problems

    def test_what_nobody_calls(self):
        """
        A route in a private function counts if another file says its name.
        """
        files = {"a.py": FLASK + "def _add():\n    @app.route('/x')\n    def x(): ...\n"}

        assert [] == told(files)
        assert ["a.py:4"] == [f"{one.path}:{one.line}" for one in routes_of(files).aside if one.void]
        assert [("ANY", "/x", None)] == told({**files, "b.py": "from a import _add\n_add()\n"})

    def test_what_a_setting_decides(self):
        """
        A route that a setting switches on is not there for sure, and is said; a guard alone is only not counted.
        """
        route = "if settings.SHOP_ENABLED:\n    @app.route('/x')\n    def x(): ...\n"
        hook = "if settings.LOOK_ENABLED:\n    @app.before_request\n    @login_required\n    def look(): ...\n"
        one, other = (
            routes_of({"a.py": FLASK + route}),
            routes_of({"a.py": FLASK + hook + "@app.route('/x')\ndef x(): ...\n"}),
        )

        assert ((), [False]) == (one.routes, [aside.void for aside in one.aside])
        assert ([None], ()) == ([found.guarded for found in other.routes], other.aside)

    def test_circles_end(self):
        """
        Routers that hang on each other, names that lead to each other and classes above themselves come to an end.
        """
        files = {
            "a.py": "from b import needs\nfrom fastapi import APIRouter\nr = APIRouter(prefix='/r')\ns = APIRouter()\n"
            "r.include_router(s)\ns.include_router(r)\nclass A(B): ...\n"
            "class B(A): ...\n@r.get('/x')\n@needs\ndef x(): ...\n",
            "b.py": "from a import needs\ndef f(): abort(401)\n",
        }

        assert [None] == [guarded for _, _, guarded in told(files)]
