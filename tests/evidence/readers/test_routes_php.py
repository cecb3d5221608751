"""Routes of Laravel, Slim and Symfony are followed to what stands before them, and to what that does."""

from __future__ import annotations

import pytest

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree

WEB = "routes/web.php"


def routes_of(files: dict[str, str]) -> Routes:
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]


def php(text: str) -> str:
    return f"<?php\n{text}"


def middleware(body: str, above: str = "") -> str:
    return php(
        f"namespace App\\Http\\Middleware;\nclass Needs {above}{{\n"
        f"  public function handle($request, $next) {{\n{body}    return $next($request);\n  }}\n}}\n"
    )


REFUSES = "    if (!$request->user()) {\n      return response('No', 401);\n    }\n"
USE = "use App\\Http\\Middleware\\Needs;\nuse App\\Http\\Controllers\\OrderController;\n"
BY_CLASS = php(USE + "Route::get('/x', fn () => 1)->middleware(Needs::class);\n")
ACTED = php(USE + "Route::get('/x', [OrderController::class, 'index']);\n")
CONTROLLER = "app/Http/Controllers/OrderController.php"


def controller(body: str) -> str:
    return php(f"namespace App\\Http\\Controllers;\nclass OrderController extends Controller {{\n{body}}}\n")


PATHS: dict[str, tuple[str, list[str]]] = {
    "a verb": ("Route::post('x', f(...));\n", ["POST /x"]),
    "several": ("Route::match(['get', 'put'], '/x', f(...));\n", ["GET /x", "PUT /x"]),
    "any": ("Route::any('/x', f(...));\n", ["ANY /x"]),
    "a view": ("Route::view('/x', 'page');\n", ["GET /x"]),
    "what leads elsewhere": ("Route::redirect('/x', '/y');\n", ["GET /x"]),
    "a prefix": ("Route::prefix('v1')->group(function () {\n  Route::get('x', f(...));\n});\n", ["GET /v1/x"]),
    "a prefix in options": (
        "Route::group(['prefix' => 'v1'], function () {\n  Route::get('/', f(...));\n});\n",
        ["GET /v1"],
    ),
    "groups in groups": (
        "Route::prefix('a')->group(function () {\n  Route::prefix('b')->group(function () {\n"
        "    Route::get('x', f(...))->name('x')->where('x', '.*');\n  });\n});\n",
        ["GET /a/b/x"],
    ),
    "an api of a resource": (
        "Route::apiResource('orders', C::class);\n",
        ["DELETE /orders/{order}", "GET /orders", "GET /orders/{order}", "POST /orders", "PUT /orders/{order}"],
    ),
    "some of a resource": (
        "Route::resource('orders', C::class)->only(['index', 'edit']);\n",
        ["GET /orders", "GET /orders/{order}/edit"],
    ),
    "all of it but some": (
        "Route::apiResource('orders', C::class)->except('index', 'store', 'update', 'destroy');\n",
        ["GET /orders/{order}"],
    ),
    "a resource in another": (
        "Route::resource('orders.items', C::class)->only('show');\n",
        ["GET /orders/{order}/items/{item}"],
    ),
    "several resources": (
        "Route::apiResources(['posts' => A::class, 'tags' => B::class]);\n",
        [
            *("DELETE /posts/{post}", "DELETE /tags/{tag}", "GET /posts", "GET /posts/{post}", "GET /tags"),
            *("GET /tags/{tag}", "POST /posts", "POST /tags", "PUT /posts/{post}", "PUT /tags/{tag}"),
        ],
    ),
    "one thing": ("Route::singleton('profile', C::class)->only('show');\n", ["GET /profile"]),
    "logins": ("Auth::routes();\n", ["GET /login", "POST /login", "POST /logout"]),
    "what is asked of a collection": ("$found = $rows->get('x', 1);\n", []),
}
GUARDED: dict[str, dict[str, str]] = {
    "the framework's": {WEB: php("Route::get('/x', fn () => 1)->middleware('auth');\n")},
    "the framework's with a guard": {WEB: php("Route::get('/x', fn () => 1)->middleware(['web', 'auth:sanctum']);\n")},
    "of a group": {WEB: php("Route::middleware('auth')->group(function () {\n  Route::get('/x', fn () => 1);\n});\n")},
    "in the options of a group": {
        WEB: php("Route::group(['middleware' => ['auth']], function () {\n  Route::get('/x', fn () => 1);\n});\n")
    },
    "a permission": {WEB: php("Route::get('/x', fn () => 1)->can('view', 'order');\n")},
    "a class of its own": {WEB: BY_CLASS, "a.php": middleware(REFUSES)},
    "a class that throws": {
        WEB: BY_CLASS,
        "a.php": middleware("    if ($request->user() === null) {\n      throw new UnauthorizedException();\n    }\n"),
    },
    "a class that sends to the login": {
        WEB: BY_CLASS,
        "a.php": middleware("    if (!session('user')) {\n      return redirect('/login');\n    }\n"),
    },
    "a class that leaves it to a method": {
        WEB: BY_CLASS,
        "a.php": middleware("    // first\n    $this->check($request);\n").replace(
            "}\n}\n", "}\n  private function check($request) {\n    abort_unless($request->user(), 403);\n  }\n}\n"
        ),
    },
    "a class of the framework's above": {
        WEB: BY_CLASS,
        "a.php": php(
            "namespace App\\Http\\Middleware;\nuse Illuminate\\Auth\\Middleware\\Authenticate;\n"
            "class Needs extends Authenticate {}\n"
        ),
    },
    "a short name for a class": {
        WEB: php("Route::get('/x', fn () => 1)->middleware('needs');\n"),
        "app/Http/Kernel.php": php(
            f"{USE}class Kernel {{\n  protected $middlewareAliases = ['needs' => Needs::class];\n}}\n"
        ),
        "a.php": middleware(REFUSES),
    },
    "a short name that is given by a call": {
        WEB: php("Route::get('/x', fn () => 1)->middleware('needs');\n"),
        "bootstrap/app.php": php(
            f"{USE}return Application::configure()->withMiddleware(function ($middleware) {{\n"
            "  $middleware->alias(['needs' => Needs::class]);\n})->create();\n"
        ),
        "a.php": middleware(REFUSES),
    },
    "a name for several": {
        WEB: php("Route::get('/x', fn () => 1)->middleware('inner');\n"),
        "app/Http/Kernel.php": php(
            f"{USE}class Kernel {{\n  protected $middlewareGroups = ['inner' => [Needs::class]];\n}}\n"
        ),
        "a.php": middleware(REFUSES),
    },
    "of the file that takes it in": {
        WEB: php("Route::get('/x', fn () => 1);\n"),
        "app/Providers/RouteServiceProvider.php": php(
            "class RouteServiceProvider {\n  public function boot() {\n"
            "    Route::middleware('auth')->group(base_path('routes/web.php'));\n  }\n}\n"
        ),
    },
    "of the controller": {
        WEB: ACTED,
        CONTROLLER: controller(
            "  public function __construct() {\n    $this->middleware('auth')->only('index');\n  }\n"
        ),
    },
    "of the controller's list": {
        WEB: ACTED,
        CONTROLLER: controller(
            "  public static function middleware(): array {\n"
            "    return [new Middleware('auth', except: ['show'])];\n  }\n"
        ),
    },
    "a check in the action": {
        WEB: ACTED,
        CONTROLLER: controller(
            "  public function index() {\n    abort_if(!auth()->check(), 403);\n    return 1;\n  }\n"
        ),
    },
    "a check that the action calls": {
        WEB: ACTED,
        CONTROLLER: controller("  public function index() {\n    $this->authorize('view', Order::class);\n  }\n"),
    },
}
NOT_GUARDED: dict[str, dict[str, str]] = {
    "nothing": {WEB: php("Route::get('/x', fn () => 1);\n")},
    "other middleware": {WEB: php("Route::get('/x', fn () => 1)->middleware(['web', 'throttle:60,1', 'guest']);\n")},
    "middleware in a comment": {WEB: php("Route::get('/x', fn () => 1); // ->middleware('auth')\n")},
    "a class that lets all pass": {WEB: BY_CLASS, "a.php": middleware("")},
    "a class that is not there": {WEB: BY_CLASS},
    "a class whose refusal is dead": {
        WEB: BY_CLASS,
        "a.php": middleware("    if (false) {\n      return response('No', 401);\n    }\n"),
    },
    "a class whose refusal comes late": {
        WEB: BY_CLASS,
        "a.php": middleware("    return $next($request);\n    abort(401);\n"),
    },
    "a class that refuses in a text": {WEB: BY_CLASS, "a.php": middleware("    Log::info('abort(401)');\n")},
    "a class for something else": {
        WEB: BY_CLASS.replace("Needs", "CsrfNeeds"),
        "a.php": middleware(REFUSES).replace("Needs", "CsrfNeeds"),
    },
    "a class above that it goes past": {
        WEB: BY_CLASS,
        "a.php": middleware("", "extends \\Illuminate\\Auth\\Middleware\\Authenticate "),
    },
    "the framework's name for a class that lets all pass": {
        WEB: php("Route::get('/x', fn () => 1)->middleware('auth');\n"),
        "app/Http/Kernel.php": php(
            f"{USE}class Kernel {{\n  protected $routeMiddleware = ['auth' => Needs::class];\n}}\n"
        ),
        "a.php": middleware(""),
    },
    "of the controller for others": {
        WEB: ACTED,
        CONTROLLER: controller(
            "  public function __construct() {\n    $this->middleware('auth')->except(['index']);\n  }\n"
        ),
    },
    "of the controller in a comment": {
        WEB: ACTED,
        CONTROLLER: controller("  public function __construct() {\n    // $this->middleware('auth');\n  }\n"),
    },
    "a check in another action": {
        WEB: ACTED,
        CONTROLLER: controller(
            "  public function index() {\n    return 1;\n  }\n  public function show() {\n    abort(403);\n  }\n"
        ),
    },
}
VOID: dict[str, str] = {
    "commented out": php("// Route::get('/x', fn () => 1);\n"),
    "in a block comment": php("/*\nRoute::get('/x', fn () => 1);\n*/\n"),
    "in a dead branch": php("if (false) {\n  Route::get('/x', fn () => 1);\n}\n"),
    "after a return": php("return;\nRoute::get('/x', fn () => 1);\n"),
    "in a text": php("$a = \"Route::get('/x', 1);\";\n"),
    "outside of the program": "Route::get('/x', fn () => 1);\n",
}


class TestLaravel:
    @pytest.mark.parametrize(("text", "expected"), PATHS.values(), ids=PATHS)
    def test_paths_have_all_that_is_around_them(self, text, expected):
        """
        Methods and paths are those under which a route is reached.
        """
        assert expected == sorted(f"{method} {path}" for method, path, _ in told({WEB: php(text)}))

    @pytest.mark.parametrize("files", GUARDED.values(), ids=GUARDED)
    def test_what_stands_before_is_followed_to_its_definition(self, files):
        """
        Middleware guards where its class turns somebody away, wherever it is put.
        """
        assert [("GET", "/x", True)] == told(files)

    @pytest.mark.parametrize("files", NOT_GUARDED.values(), ids=NOT_GUARDED)
    def test_what_turns_nobody_away_guards_nothing(self, files):
        """
        Middleware that lets all pass, or is not in force, is none.
        """
        assert [("GET", "/x", None)] == told(files)

    @pytest.mark.parametrize("text", VOID.values(), ids=VOID)
    def test_a_void_route_is_none(self, text):
        """
        What never runs declares nothing.
        """
        assert [] == told({WEB: text})

    def test_a_guard_that_is_left_out_leaves_the_route_open(self):
        """
        Whoever takes it away says that everybody may pass.
        """
        text = (
            "Route::middleware('auth')->group(function () {\n"
            "  Route::post('/x', fn () => 1)->withoutMiddleware('auth');\n"
            "  Route::post('/y', fn () => 1)->withoutMiddleware('web');\n});\n"
        )

        assert [("POST", "/x", False), ("POST", "/y", True)] == told({WEB: php(text)})

    def test_the_files_of_an_application(self):
        """
        Those of the API have its prefix and its group, and one that is taken in twice is there twice.
        """
        api = php("Route::get('/x', fn () => 1);\n")
        configured = "return Application::configure()->withRouting(api: __DIR__.'/../routes/api.php'{})->create();\n"
        twice = (
            "Route::prefix('a')->group(base_path('routes/api.php'));\nRoute::prefix('b')->group(__DIR__.'/api.php');\n"
        )

        assert [("GET", "/x", None)] == told({"routes/api.php": api})
        assert [("GET", "/api/x", None)] == told(
            {"routes/api.php": api, "bootstrap/app.php": php(configured.format(""))}
        )
        assert [("GET", "/v1/x", None)] == told(
            {"routes/api.php": api, "bootstrap/app.php": php(configured.format(", apiPrefix: 'v1'"))}
        )
        assert ["/a/x", "/b/x"] == [path for _, path, _ in told({"routes/api.php": api, WEB: php(twice)})]

    def test_a_form_that_is_not_understood_is_told(self):
        """
        Nobody can tell then whether all routes are known.
        """
        found = routes_of({WEB: php("Route::get($path, f(...));\nRoute::shop('x');\nRoute::pattern('id', '1');\n")})

        assert [("get", 2, False), ("Route::shop", 3, False)] == [(one.what, one.line, one.void) for one in found.aside]


SLIM = "use Slim\\Factory\\AppFactory;\n$app = AppFactory::create();\n"
NEEDS = (
    "class Needs {\n  public function process($request, $handler) {\n    if (!$request->getAttribute('user')) {\n"
    "      throw new HttpUnauthorizedException($request);\n    }\n    return $handler->handle($request);\n  }\n}\n"
)


class TestSlim:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("$app->get('/x', A::class);\n", ("GET", "/x", None)),
            ("$app->get('/x', A::class)->add(new Needs());\n", ("GET", "/x", True)),
            ("$app->group('/v1', function ($group) {\n  $group->put('/x', A::class);\n});\n", ("PUT", "/v1/x", None)),
            (
                "$app->group('/v1', function ($group) {\n  $group->put('/x', A::class);\n})->add(Needs::class);\n",
                ("PUT", "/v1/x", True),
            ),
            ("$app->add(new Needs());\n$app->map(['POST'], '/x', A::class);\n", ("POST", "/x", True)),
            ("// $app->add(new Needs());\n$app->post('/x', A::class);\n", ("POST", "/x", None)),
            ("$app->add(new Other());\n$app->post('/x', A::class);\n", ("POST", "/x", None)),
        ],
    )
    def test_what_is_added_stands_before(self, text, expected):
        """
        It guards what it is added to, where its class turns somebody away.
        """
        assert [expected] == told({"public/index.php": php(SLIM + NEEDS + text)})


def symfony(marks: str, method: str, body: str = "    return 1;\n") -> str:
    return php(
        f"namespace App\\Controller;\n{marks}class OrderController extends AbstractController {{\n"
        f"  {method}\n  public function list() {{\n{body}  }}\n}}\n"
    )


LIST = "#[Route('/orders', methods: ['GET'])]"


class TestSymfony:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (symfony("", LIST), [("GET", "/orders", None)]),
            (symfony("#[Route('/v1')]\n", LIST), [("GET", "/v1/orders", None)]),
            (symfony("", "#[Route(path: '/orders')]"), [("ANY", "/orders", None)]),
            (symfony("#[IsGranted('ROLE_USER')]\n", LIST), [("GET", "/orders", True)]),
            (symfony("", LIST + "\n  #[IsGranted('ROLE_USER')]"), [("GET", "/orders", True)]),
            (symfony("", LIST + "\n  #[IsGranted('PUBLIC_ACCESS')]"), [("GET", "/orders", None)]),
            (symfony("", LIST + "\n  // #[IsGranted('ROLE_USER')]"), [("GET", "/orders", None)]),
            (symfony("", LIST, "    $this->denyAccessUnlessGranted('A');\n"), [("GET", "/orders", True)]),
            (symfony("", LIST, "    // $this->denyAccessUnlessGranted('A');\n"), [("GET", "/orders", None)]),
            (symfony("", "// " + LIST), []),
            (symfony("", "/* " + LIST + " */"), []),
        ],
    )
    def test_attributes_declare_and_guard(self, text, expected):
        """
        A route has the path of its class before its own, and is guarded by the attributes of either.
        """
        assert expected == told({"src/Controller/OrderController.php": text})

    def test_a_guard_of_one_method_is_none_of_another(self):
        """
        What an attribute of a method demands holds for that method alone.
        """
        text = php(
            "class A {\n  #[Route('/a')]\n  #[IsGranted('ROLE_USER')]\n  public function a() {}\n"
            "  #[Route('/b')]\n  public function b() {}\n}\n"
        )

        assert [("ANY", "/a", True), ("ANY", "/b", None)] == told({"src/A.php": text})

    @pytest.mark.parametrize(
        ("rules", "guarded"),
        [
            ("{ path: ^/orders, roles: ROLE_USER }", True),
            ("{ path: ^/, roles: [ROLE_USER, ROLE_ADMIN] }", True),
            ("{ path: ^/orders$, roles: ROLE_USER }", True),
            ("{ path: '^/orders(/|$)', roles: ROLE_USER }", True),
            ("{ path: ^/orders/, roles: ROLE_USER }", None),
            ("{ path: ^/order$, roles: ROLE_USER }", None),
            ("{ path: '^/order(/|$)', roles: ROLE_USER }", None),
            ("{ path: ^/items, roles: ROLE_USER }", None),
            ("{ path: ^/orders, roles: PUBLIC_ACCESS }", False),
            ("{ path: ^/orders, roles: ROLE_USER, methods: [GET] }", True),
            ("{ path: ^/orders, roles: ROLE_USER, methods: [POST] }", None),
            ("{ path: ^/orders, roles: PUBLIC_ACCESS }\n    - { path: ^/, roles: ROLE_USER }", False),
            ("{ path: ^/items, roles: PUBLIC_ACCESS }\n    - { path: ^/, roles: ROLE_USER }", True),
            ("{ path: '^/(o|i)rders', roles: PUBLIC_ACCESS }\n    - { path: ^/, roles: ROLE_USER }", None),
            ("{ path: ^/, roles: ROLE_USER, ips: [10.0.0.1] }", None),
            ("{ path: ^/orders }", None),
            ("# { path: ^/, roles: ROLE_USER }", None),
        ],
    )
    def test_the_first_rule_of_the_settings_that_holds_counts(self, rules, guarded):
        """
        What it asks for guards; one that cannot be told leaves all below it untold.
        """
        files = {"config/packages/security.yaml": f"security:\n  access_control:\n    - {rules}\n"}

        assert [("GET", "/orders", guarded)] == told({"src/Controller/A.php": symfony("", LIST), **files})

    @pytest.mark.parametrize(
        ("resource", "path"),
        [
            ("../src/Controller/", "/v1/orders"),
            ("{ path: ../src/Controller/, namespace: App }", "/v1/orders"),
            ("routing.controllers", "/v1/orders"),
            ("../src/Other/", "/orders"),
        ],
    )
    def test_the_settings_give_the_paths_of_a_folder_a_prefix(self, resource, path):
        """
        The rules are asked for the whole path.
        """
        files = {
            "config/routes.yaml": f"all:\n  resource: {resource}\n  type: attribute\n  prefix: /v1\n",
            "config/packages/security.yaml": "security:\n  access_control:\n    - { path: ^/v1, roles: ROLE_USER }\n",
        }

        assert [("GET", path, True if path.startswith("/v1") else None)] == told(
            {"src/Controller/A.php": symfony("", LIST), **files}
        )
