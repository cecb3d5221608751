"""Routes of Go are followed to their prefixes and to the guards that stand before them."""

from __future__ import annotations

import pytest

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree

MOD = "module shop.dev/till\n\ngo 1.23\n"
HTTP = 'package main\n\nimport "net/http"\n\n'
CHI = 'package main\n\nimport (\n\t"net/http"\n\n\t"github.com/go-chi/chi/v5"\n)\n\n'
GIN = 'package main\n\nimport "github.com/gin-gonic/gin"\n\n'
ECHO = 'package main\n\nimport (\n\t"net/http"\n\n\t"github.com/labstack/echo/v4"\n)\n\n'
FIBER = 'package main\n\nimport "github.com/gofiber/fiber/v2"\n\n'
MUX = 'package main\n\nimport (\n\t"net/http"\n\n\t"github.com/gorilla/mux"\n)\n\n'
NEEDS = (
    "func needs(next http.Handler) http.Handler {\n"
    "\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\n"
    '\t\tif r.Header.Get("X-User") == "" {\n'
    '\t\t\thttp.Error(w, "who are you", http.StatusUnauthorized)\n\t\t\treturn\n\t\t}\n'
    "\t\tnext.ServeHTTP(w, r)\n\t})\n}\n\n"
)
GIN_NEEDS = (
    'func needs(c *gin.Context) {\n\tif c.GetHeader("X-User") == "" {\n'
    "\t\tc.AbortWithStatus(401)\n\t\treturn\n\t}\n\tc.Next()\n}\n\n"
)
ECHO_NEEDS = (
    "func needs(next echo.HandlerFunc) echo.HandlerFunc {\n\treturn func(c echo.Context) error {\n"
    '\t\tif c.Get("user") == nil {\n\t\t\treturn echo.NewHTTPError(http.StatusForbidden)\n\t\t}\n'
    "\t\treturn next(c)\n\t}\n}\n\n"
)
FIBER_NEEDS = (
    'func needs(c *fiber.Ctx) error {\n\tif c.Get("X-User") == "" {\n'
    "\t\treturn c.SendStatus(fiber.StatusUnauthorized)\n\t}\n\treturn c.Next()\n}\n\n"
)


def routes_of(files: dict[str, str]) -> Routes:
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]


def main(body: str) -> str:
    return "func main() {\n" + "".join(f"\t{line}\n" for line in body.splitlines()) + "}\n"


def http(body: str, needs: str = NEEDS) -> str:
    return HTTP + needs + main("mux := http.NewServeMux()\n" + body + '\nhttp.ListenAndServe(":80", mux)')


SERVED = (
    HTTP
    + NEEDS
    + main('mux := http.NewServeMux()\nmux.HandleFunc("GET /x", get)\nhttp.ListenAndServe(":80", needs(mux))')
)

READ: dict[str, tuple[str, str, str]] = {
    "a pattern with its method": (http('mux.HandleFunc("POST /x/{id}", get)'), "POST", "/x/{id}"),
    "a pattern without one": (http('mux.Handle("/x/", handler)'), "ANY", "/x/"),
    "a pattern with a host": (http('mux.HandleFunc("GET shop.dev/x", get)'), "GET", "shop.dev/x"),
    "the package's own": (HTTP + main('http.HandleFunc("/x", get)'), "ANY", "/x"),
    "a constant": (HTTP + 'const orders = "/orders"\n\n' + main("http.HandleFunc(orders, get)"), "ANY", "/orders"),
    "a constant with more": (HTTP + 'const v1 = "/v1"\n\n' + main('http.HandleFunc(v1+"/x", get)'), "ANY", "/v1/x"),
    "a format": (
        HTTP.replace('"net/http"', '"fmt"\nimport "net/http"') + main('http.HandleFunc(fmt.Sprintf("/%s/x", v), get)'),
        "ANY",
        "/{}/x",
    ),
    "chi": (CHI + main('r := chi.NewRouter()\nr.Get("/x", get)'), "GET", "/x"),
    "chi below a path": (
        CHI + main('r := chi.NewRouter()\nr.Route("/v1", func(r chi.Router) {\n\tr.Delete("/x", get)\n})'),
        "DELETE",
        "/v1/x",
    ),
    "chi by the name of the method": (
        CHI + main('r := chi.NewRouter()\nr.Method("PUT", "/x", handler)'),
        "PUT",
        "/x",
    ),
    "gin": (GIN + main('r := gin.Default()\nr.POST("/x", get)'), "POST", "/x"),
    "gin in a group": (GIN + main('r := gin.New()\nv1 := r.Group("/v1")\nv1.GET("/x", get)'), "GET", "/v1/x"),
    "gin in a group without slashes": (
        GIN + main('r := gin.New()\nv1 := r.Group("v1")\nv1.GET("x", get)'),
        "GET",
        "/v1/x",
    ),
    "gin in a chain": (GIN + main('r := gin.New()\nr.Group("/v1").GET("/x", get)'), "GET", "/v1/x"),
    "gin with the method first": (GIN + main('r := gin.New()\nr.Handle("PATCH", "/x", get)'), "PATCH", "/x"),
    "echo": (ECHO + main('e := echo.New()\ne.PUT("/x", put)'), "PUT", "/x"),
    "echo with the method first": (ECHO + main('e := echo.New()\ne.Add(http.MethodGet, "/x", put)'), "GET", "/x"),
    "fiber": (FIBER + main('app := fiber.New()\napp.Get("/x", get)'), "GET", "/x"),
    "gorilla": (MUX + main('r := mux.NewRouter()\nr.HandleFunc("/x", get).Methods("GET")'), "GET", "/x"),
    "gorilla with several methods": (
        MUX + main('r := mux.NewRouter()\nr.HandleFunc("/x", get).Methods("GET", "PUT")'),
        "ANY",
        "/x",
    ),
    "gorilla below a path": (
        MUX + main('r := mux.NewRouter()\ns := r.PathPrefix("/v1").Subrouter()\ns.HandleFunc("/x", get)'),
        "ANY",
        "/v1/x",
    ),
    "gorilla's path and handler apart": (
        MUX + main('r := mux.NewRouter()\nr.PathPrefix("/x").Handler(files)'),
        "ANY",
        "/x",
    ),
    "a router in a field": (
        MUX + "type Server struct {\n\trouter *mux.Router\n}\n\nfunc (s *Server) Routes() {\n"
        '\ts.router.HandleFunc("/x", s.get)\n}\n',
        "ANY",
        "/x",
    ),
    "a router that is part of the server": (
        CHI + 'type Server struct {\n\t*chi.Mux\n}\n\nfunc (s *Server) Routes() {\n\ts.Get("/x", s.get)\n}\n',
        "GET",
        "/x",
    ),
}


class TestReading:
    @pytest.mark.parametrize("form", READ)
    def test_reads_each_form(self, form):
        """
        Method and path are read as each framework writes them.
        """
        text, method, path = READ[form]

        assert [(method, path)] == [(route.method, route.path) for route in routes_of({"main.go": text}).routes]


GUARDED: dict[str, dict[str, str]] = {
    "a guard around the handler": {"a.go": http('mux.Handle("/x", needs(http.HandlerFunc(get)))')},
    "a guard around all": {"a.go": SERVED},
    "a guard around all, in the server": {
        "a.go": HTTP
        + NEEDS
        + main(
            'mux := http.NewServeMux()\nmux.HandleFunc("/x", get)\n'
            "srv := &http.Server{Handler: needs(mux)}\nsrv.ListenAndServe()"
        )
    },
    "a guard from another package": {
        "go.mod": MOD,
        "internal/auth/auth.go": NEEDS.replace("func needs", "func Needs").replace(
            "func Needs", 'package auth\n\nimport "net/http"\n\nfunc Needs', 1
        ),
        "main.go": 'package main\n\nimport (\n\t"net/http"\n\n\t"shop.dev/till/internal/auth"\n)\n\n'
        + main('mux := http.NewServeMux()\nmux.Handle("/x", auth.Needs(orders))\nhttp.ListenAndServe(":80", mux)'),
    },
    "a guard in another file": {
        "guard.go": HTTP + NEEDS,
        "a.go": HTTP + main('mux := http.NewServeMux()\nmux.Handle("/x", needs(orders))'),
    },
    "a guard that is a method": {
        "a.go": HTTP
        + NEEDS.replace("func needs", "func (g *gate) only")
        + "type gate struct{}\n\n"
        + main('g := &gate{}\nmux := http.NewServeMux()\nmux.Handle("/x", g.only(orders))')
    },
    "a guard that is a method of what is made": {
        "a.go": HTTP
        + NEEDS.replace("func needs", "func (g *gate) handle")
        + "type gate struct{}\n\ntype log struct{}\n\nfunc newGate() *gate { return &gate{} }\n\n"
        "func (l *log) handle(next http.Handler) http.Handler { return next }\n\n"
        + main('g := newGate()\nmux := http.NewServeMux()\nmux.Handle("/x", g.handle(orders))')
    },
    "a guard in the handler": {
        "a.go": http('mux.HandleFunc("/x", orders)') + "\nfunc orders(w http.ResponseWriter, r *http.Request) {\n"
        "\tuser := userOf(r)\n\tif user == nil {\n\t\tw.WriteHeader(http.StatusForbidden)\n\t\treturn\n\t}\n"
        "\tlist(w)\n}\n"
    },
    "a guard that hands on the work": {
        "a.go": HTTP + "func needs(next http.Handler) http.Handler {\n\treturn http.HandlerFunc("
        "func(w http.ResponseWriter, r *http.Request) {\n\t\tcheck(w, r, next)\n\t})\n}\n\n"
        "func check(w http.ResponseWriter, r *http.Request, next http.Handler) {\n"
        '\tif r.Header.Get("X-User") == "" {\n\t\tunauthorized(w)\n\t\treturn\n\t}\n\tnext.ServeHTTP(w, r)\n}\n\n'
        + main('http.Handle("/x", needs(orders))')
    },
    "a guard whose other branch goes on": {
        "a.go": HTTP + "func needs(next http.Handler) http.Handler {\n\treturn http.HandlerFunc("
        "func(w http.ResponseWriter, r *http.Request) {\n\t\tif known(r) {\n\t\t\tnext.ServeHTTP(w, r)\n\t\t} else {\n"
        "\t\t\tw.WriteHeader(401)\n\t\t}\n\t})\n}\n\n" + main('http.Handle("/x", needs(orders))')
    },
    "a guard that is handed over": {
        "routes.go": HTTP + "func routes(mux *http.ServeMux, only func(http.Handler) http.Handler) {\n"
        '\tmux.Handle("/x", only(orders))\n}\n',
        "a.go": HTTP + NEEDS + main("mux := http.NewServeMux()\nroutes(mux, needs)"),
    },
    "a router that is handed over, behind a guard": {
        "routes.go": HTTP + 'func routes(mux *http.ServeMux) {\n\tmux.HandleFunc("/x", get)\n}\n',
        "a.go": HTTP + NEEDS + main('mux := http.NewServeMux()\nroutes(mux)\nhttp.ListenAndServe(":80", needs(mux))'),
    },
    "a helper that puts a guard around": {
        "a.go": HTTP + NEEDS + "type server struct {\n\tmux *http.ServeMux\n}\n\n"
        "func (s *server) handle(path string, h http.HandlerFunc) {\n\ts.mux.Handle(path, needs(h))\n}\n\n"
        'func (s *server) routes() {\n\ts.handle("/x", s.get)\n}\n'
    },
    "a row of middleware": {
        "a.go": HTTP.replace('"net/http"', '"net/http"\nimport "github.com/justinas/alice"')
        + NEEDS
        + main('http.Handle("/x", alice.New(logs, needs).Then(orders))')
    },
    "chi: used": {"a.go": CHI + NEEDS + main('r := chi.NewRouter()\nr.Use(needs)\nr.Get("/x", get)')},
    "chi: with": {"a.go": CHI + NEEDS + main('r := chi.NewRouter()\nr.With(needs).Get("/x", get)')},
    "chi: in a group": {
        "a.go": CHI
        + NEEDS
        + main('r := chi.NewRouter()\nr.Group(func(r chi.Router) {\n\tr.Use(needs)\n\tr.Get("/x", get)\n})')
    },
    "chi: mounted": {
        "a.go": CHI
        + NEEDS
        + 'func orders() http.Handler {\n\tr := chi.NewRouter()\n\tr.Get("/x", get)\n\treturn r\n}\n\n'
        + main('r := chi.NewRouter()\nr.Use(needs)\nr.Mount("/", orders())')
    },
    "gin: used": {"a.go": GIN + GIN_NEEDS + main('r := gin.New()\nr.Use(needs)\nr.GET("/x", get)')},
    "gin: before the handler": {"a.go": GIN + GIN_NEEDS + main('r := gin.New()\nr.GET("/x", needs, get)')},
    "gin: of a group": {"a.go": GIN + GIN_NEEDS + main('r := gin.New()\ng := r.Group("/", needs)\ng.GET("x", get)')},
    "gin: of the library": {
        "a.go": GIN + main('r := gin.New()\nr.Use(gin.BasicAuth(gin.Accounts{"a": secret}))\nr.GET("/x", get)')
    },
    "echo: used": {"a.go": ECHO + ECHO_NEEDS + main('e := echo.New()\ne.Use(needs)\ne.GET("/x", get)')},
    "echo: after the handler": {"a.go": ECHO + ECHO_NEEDS + main('e := echo.New()\ne.GET("/x", get, needs)')},
    "echo: used after the route": {"a.go": ECHO + ECHO_NEEDS + main('e := echo.New()\ne.GET("/x", get)\ne.Use(needs)')},
    "fiber: used": {"a.go": FIBER + FIBER_NEEDS + main('app := fiber.New()\napp.Use(needs)\napp.Get("/x", get)')},
    "fiber: on the path": {
        "a.go": FIBER + FIBER_NEEDS + main('app := fiber.New()\napp.Use("/x", needs)\napp.Get("/x", get)')
    },
    "gorilla: used": {"a.go": MUX + NEEDS + main('r := mux.NewRouter()\nr.HandleFunc("/x", get)\nr.Use(needs)')},
}
UNGUARDED: dict[str, dict[str, str]] = {
    "no guard": {"a.go": http('mux.HandleFunc("/x", get)')},
    "a guard that turns nobody away": {
        "a.go": http('mux.Handle("/x", needs(orders))', NEEDS.replace("http.StatusUnauthorized", "http.StatusNotFound"))
    },
    "a guard that goes on all the same": {
        "a.go": http('mux.Handle("/x", needs(orders))', NEEDS.replace("\t\t\treturn\n", ""))
    },
    "a guard that asks too late": {
        "a.go": HTTP + "func needs(next http.Handler) http.Handler {\n\treturn http.HandlerFunc("
        "func(w http.ResponseWriter, r *http.Request) {\n\t\tnext.ServeHTTP(w, r)\n\t\tif !known(r) {\n"
        "\t\t\tw.WriteHeader(401)\n\t\t}\n\t})\n}\n\n" + main('http.Handle("/x", needs(orders))')
    },
    "a guard that asks only for some paths": {
        "a.go": http(
            'mux.Handle("/x", needs(orders))',
            NEEDS.replace("if r.Header", 'if strings.HasPrefix(r.URL.Path, "/admin") && r.Header'),
        )
    },
    "a guard in a dead branch": {
        "a.go": http('mux.Handle("/x", needs(orders))', NEEDS.replace("if r.Header", "if false && r.Header"))
    },
    "a guard in a comment": {"a.go": http('mux.Handle("/x", /* needs( */ orders)')},
    "a guard that is not used": {"a.go": http('mux.HandleFunc("/x", get)\n_ = needs(mux)')},
    "a guard around something else": {
        "a.go": http('mux.HandleFunc("/x", get)\nmux.Handle("/y/", needs(other))\n').replace(
            'mux.Handle("/y/", needs(other))', "_ = needs(other)"
        )
    },
    "a guard of another block's router": {
        "a.go": CHI
        + NEEDS
        + main(
            'r := chi.NewRouter()\n{\n\tg := r.With(needs)\n\t_ = g\n}\n{\n\tg := r.With(logs)\n\tg.Get("/x", get)\n}'
        )
    },
    "a name that is only handed over": {
        "routes.go": HTTP + "func routes(mux *http.ServeMux, requireAuth func(http.Handler) http.Handler) {\n"
        '\tmux.Handle("/x", requireAuth(orders))\n}\n',
        "a.go": HTTP
        + main("mux := http.NewServeMux()\nroutes(mux, noMiddleware)")
        + "\nfunc noMiddleware(next http.Handler) http.Handler { return next }\n",
    },
    "a name that promises and does nothing": {
        "a.go": http(
            'mux.Handle("/x", requireAuth(orders))',
            "func requireAuth(next http.Handler) http.Handler {\n\treturn next\n}\n\n",
        )
    },
    "a refusal that is only called so": {
        "a.go": http(
            'mux.Handle("/x", needs(orders))',
            NEEDS.replace('http.Error(w, "who are you", http.StatusUnauthorized)', "unauthorized(w)"),
        )
        + "\nfunc unauthorized(w http.ResponseWriter) {\n\tlog.Print(w)\n}\n"
    },
    "an error that is only told": {
        "a.go": http(
            'mux.Handle("/x", needs(orders))',
            "func needs(next http.Handler) http.Handler {\n\treturn http.HandlerFunc(func(w http.ResponseWriter, "
            'r *http.Request) {\n\t\tif errors.Is(check(r), ErrForbidden) {\n\t\t\tslog.Warn("denied", "error", '
            "ErrForbidden)\n\t\t}\n\t\tnext.ServeHTTP(w, r)\n\t})\n}\n\n",
        )
    },
    "gin: answered and not stopped": {
        "a.go": GIN
        + GIN_NEEDS.replace("c.AbortWithStatus(401)", "c.JSON(401, gin.H{})")
        + main('r := gin.New()\nr.Use(needs)\nr.GET("/x", get)')
    },
    "gin: used after the route": {"a.go": GIN + GIN_NEEDS + main('r := gin.New()\nr.GET("/x", get)\nr.Use(needs)')},
    "gin: of another group": {
        "a.go": GIN + GIN_NEEDS + main('r := gin.New()\ng := r.Group("/g", needs)\n_ = g\nr.GET("/x", get)')
    },
    "fiber: on another path": {
        "a.go": FIBER + FIBER_NEEDS + main('app := fiber.New()\napp.Use("/y", needs)\napp.Get("/x", get)')
    },
    "a guard behind a setting": {
        "a.go": CHI
        + NEEDS
        + main('r := chi.NewRouter()\nif os.Getenv("AUTH") == "on" {\n\tr.Use(needs)\n}\nr.Get("/x", get)')
    },
    "a package of another module of the same name": {
        "go.mod": MOD,
        "auth/auth.go": "package auth\n\n" + NEEDS.replace("func needs", "func Wrap"),
        "a.go": 'package main\n\nimport "others.dev/auth"\n\n' + main('http.Handle("/x", auth.Wrap(orders))'),
    },
}


class TestGuards:
    @pytest.mark.parametrize("form", GUARDED)
    def test_a_guard_is_followed(self, form):
        """
        What stands before a route is a guard if it turns somebody away, wherever it is written.
        """
        (route,) = (route for route in routes_of(GUARDED[form]).routes)

        assert route.path.startswith("/x")
        assert route.guarded is True

    @pytest.mark.parametrize("form", UNGUARDED)
    def test_what_turns_nobody_away_is_none(self, form):
        """
        A guard that lets everybody pass, that does not run, or that stands elsewhere guards nothing.
        """
        (route,) = (route for route in routes_of(UNGUARDED[form]).routes)

        assert route.path == "/x"
        assert route.guarded is None


VOID = {
    "in a comment": http('// mux.HandleFunc("/x", get)'),
    "in a text": http('log.Print(`mux.HandleFunc("/x", get)`)'),
    "never true": http('if false {\n\tmux.HandleFunc("/x", get)\n}'),
    "after the end": http('return\nmux.HandleFunc("/x", get)'),
    "never called": HTTP + 'func unused(mux *http.ServeMux) {\n\tmux.HandleFunc("/x", get)\n}\n',
    "a client": HTTP + main('http.Post("/x", "text/plain", body)\nclient.Get("/x", opts)'),
    "another call": HTTP + main('strings.TrimPrefix("/x", prefix)\nlog.Handle("x", get)'),
    "a path of a file": HTTP + main('os.Open("/etc/x")\ncopyTo("/var/x", dst)'),
}


class TestVoid:
    @pytest.mark.parametrize("form", VOID)
    def test_what_does_not_run_declares_nothing(self, form):
        """
        What is commented out, never reached, or no route at all is none.
        """
        assert () == routes_of({"a.go": VOID[form]}).routes


class TestUntold:
    def test_a_path_that_is_computed_is_told(self):
        """
        Where a route hangs on nobody can tell: it stays as a route, and takes passes back.
        """
        fact = routes_of({"a.go": HTTP + main("http.HandleFunc(pathOf(plan, till), get)")})

        assert [("ANY", "{pathOf}", None)] == [(r.method, r.path, r.guarded) for r in fact.routes]
        assert [(False, "a.go:6: a route hangs on a path that cannot be told, pathOf(plan, till)")] == [
            (aside.void, str(aside)) for aside in fact.aside
        ]

    def test_a_helper_that_is_not_known_is_told(self):
        """
        A function of another tree that seems to declare a route may or may not.
        """
        fact = routes_of({"a.go": HTTP + main('kit.HandleFunc("/x", get)\nserver.addRoute("/y", get)')})

        assert ["a.go:7: a route is declared by addRoute, which is not understood"] == [str(a) for a in fact.aside]

    def test_a_path_that_a_helper_is_handed_is_told(self):
        """
        A helper of the tree is followed; what it is handed has to be written out.
        """
        helper = "func handle(path string, h http.Handler) {\n\thttp.Handle(path, h)\n}\n\n"
        fact = routes_of({"a.go": HTTP + helper + main('handle("/x", get)\nhandle(plan.path, get)')})

        assert [("ANY", "/x", None), ("ANY", "{}", None)] == [(r.method, r.path, r.guarded) for r in fact.routes]
        assert [False] == [aside.void for aside in fact.aside]
