"""Routes of Java and Kotlin are read with the prefixes of their types and with who may pass to them."""

from __future__ import annotations

import pytest

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree


def routes_of(files: dict[str, str]) -> Routes:
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]


def java(method: str, marks: str = "@RestController\n", rest: str = "") -> str:
    return f"{marks}public class Orders {rest}{{\n  {method}\n  public Order one() {{ return find(); }}\n}}\n"


def kotlin(method: str, marks: str = "@RestController\n") -> str:
    return f"{marks}class Orders(val all: All) {{\n  {method}\n  fun one(): Order = all.one()\n}}\n"


def chain(rules: str, marks: str = "@Configuration\n", bean: str = "@Bean ") -> str:
    return (
        f"{marks}public class Security {{\n  {bean}SecurityFilterChain chain(HttpSecurity http) throws Exception {{\n"
        f"    {rules}\n    return http.build();\n  }}\n}}\n"
    )


CONSTANTS = (
    'public final class Paths {\n  static final String BASE = "/v1";\n  static final String URL = BASE + "/o";\n}\n'
)
READ: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {
    "a mapping": ({"A.java": java('@GetMapping("/x")')}, [("GET", "/x")]),
    "a mapping without a path": ({"A.java": java("@PostMapping")}, [("POST", "")]),
    "a mapping without a slash": ({"A.java": java('@PutMapping("x")')}, [("PUT", "/x")]),
    "a parameter alone": ({"A.java": java('@GetMapping("{id}")')}, [("GET", "/{id}")]),
    "several paths": ({"A.java": java('@GetMapping({"/x", "/y"})')}, [("GET", "/x"), ("GET", "/y")]),
    "a request mapping": (
        {"A.java": java('@RequestMapping(value = "/x", method = RequestMethod.POST)')},
        [("POST", "/x")],
    ),
    "a request mapping of several methods": (
        {"A.java": java('@RequestMapping(path = "/x", method = {RequestMethod.POST, RequestMethod.PUT})')},
        [("ANY", "/x")],
    ),
    "below the path of the class": (
        {"A.java": java('@DeleteMapping("/x")', '@RestController\n@RequestMapping("/v1")\n')},
        [("DELETE", "/v1/x")],
    ),
    "below several paths of the class": (
        {"A.java": java('@GetMapping("/x")', '@RestController\n@RequestMapping({"/v1", "/v2"})\n')},
        [("GET", "/v1/x"), ("GET", "/v2/x")],
    ),
    "a constant of the class": (
        {"A.java": 'class A {\n  static final String X = "/x";\n  @GetMapping(X + "/y")\n  int f() { return 1; }\n}\n'},
        [("GET", "/x/y")],
    ),
    "a constant of another class": (
        {"Paths.java": CONSTANTS, "A.java": java("@GetMapping(Paths.BASE)")},
        [("GET", "/v1")],
    ),
    "an interface that a controller has": (
        {
            "Api.java": 'public interface Api {\n  @GetMapping("/x")\n  Order one();\n}\n',
            "A.java": '@RestController\n@RequestMapping("/v1")\npublic class A implements Api {\n'
            "  public Order one() { return find(); }\n}\n",
        },
        [("GET", "/v1/x")],
    ),
    "a client": (
        {"A.java": '@FeignClient("orders")\npublic interface Orders {\n  @GetMapping("/x")\n  Order one();\n}\n'},
        [],
    ),
    "a resource": ({"A.java": java('@GET @Path("/x")', '@Path("/v1")\n')}, [("GET", "/v1/x")]),
    "a resource without a path of its own": ({"A.java": java("@POST", '@Path("/v1")\n')}, [("POST", "/v1")]),
    "a resource below that of the application": (
        {
            "App.java": '@ApplicationPath("/api")\npublic class App extends Application {\n}\n',
            "A.java": java('@GET\n  @Path("x")', '@Path("v1")\n'),
        },
        [("GET", "/api/v1/x")],
    ),
    "Micronaut": (
        {"A.java": "import io.micronaut.http.annotation.*;\n" + java('@Get("/x")', '@Controller("/v1")\n')},
        [("GET", "/v1/x")],
    ),
    "another library's get": ({"A.java": java('@Get("/x")')}, []),
    "Kotlin": ({"A.kt": kotlin('@GetMapping("/x")')}, [("GET", "/x")]),
    "Kotlin below the path of the class": (
        {"A.kt": kotlin('@PostMapping("/x", consumes = ["a/b"])', '@RestController\n@RequestMapping("/v1")\n')},
        [("POST", "/v1/x")],
    ),
    "Kotlin with several paths": (
        {"A.kt": kotlin('@GetMapping(value = ["/x", "/y"])')},
        [("GET", "/x"), ("GET", "/y")],
    ),
    "Kotlin with a constant": (
        {"P.kt": 'const val BASE_URL = "/v1"\n', "A.kt": kotlin('@GetMapping(BASE_URL + "/x")')},
        [("GET", "/v1/x")],
    ),
    "Kotlin with a constant in the text": (
        {"A.kt": 'const val BASE = "/v1"\n' + kotlin('@GetMapping("$BASE/x", "${BASE}/y")')},
        [("GET", "/v1/x"), ("GET", "/v1/y")],
    ),
    "Kotlin with a setting in the text": ({"A.kt": kotlin('@GetMapping("\\${base}/x")')}, [("GET", "/${base}/x")]),
    "Kotlin with a list of constants": (
        {"A.kt": 'val BOTH = arrayOf("/x", "/y")\n' + kotlin("@GetMapping(BOTH)")},
        [("GET", "/x"), ("GET", "/y")],
    ),
    "a comment": ({"A.java": java('// @GetMapping("/x")')}, []),
    "a long comment": ({"A.java": java('/* @GetMapping("/x") */')}, []),
    "a text": ({"A.java": java('String s = "@GetMapping(\\"/x\\")";')}, []),
}


class TestReading:
    @pytest.mark.parametrize("form", READ)
    def test_reads_each_form(self, form):
        """
        Method and path are read as each framework writes them, with those of what they stand in.
        """
        files, expected = READ[form]

        assert expected == [(route.method, route.path) for route in routes_of(files).routes]


X = '@GetMapping("/x")'
OPEN_CHAIN = "http.authorizeHttpRequests(a -> a.anyRequest().permitAll());"
KNOWN_CHAIN = "http.authorizeHttpRequests(a -> a.anyRequest().authenticated());"
GUARDED: list[tuple[str, dict[str, str], bool | None]] = [
    ("nothing", {"A.java": java(X)}, None),
    ("PreAuthorize", {"A.java": java(f"@PreAuthorize(\"hasRole('A')\") {X}")}, True),
    ("PreAuthorize of everybody", {"A.java": java(f'@PreAuthorize("permitAll()") {X}')}, False),
    ("Secured", {"A.java": java(f'@Secured("ROLE_A") {X}')}, True),
    ("Secured for everybody", {"A.java": java(f'@Secured("IS_AUTHENTICATED_ANONYMOUSLY") {X}')}, False),
    ("RolesAllowed", {"A.java": java('@GET @Path("/x") @RolesAllowed("a")')}, True),
    ("PermitAll", {"A.java": java('@GET @Path("/x") @PermitAll')}, False),
    ("DenyAll", {"A.java": java('@GET @Path("/x") @DenyAll')}, True),
    ("of the class", {"A.java": java('@GET @Path("/x")', '@Path("/")\n@RolesAllowed("a")\n')}, True),
    (
        "of the class, and not of the method",
        {"A.java": java('@GET @Path("/x") @PermitAll', '@RolesAllowed("a")\n')},
        False,
    ),
    (
        "of the class above",
        {
            "B.java": '@PreAuthorize("isAuthenticated()")\npublic class Base {\n}\n',
            "A.java": java(X, rest="extends Base "),
        },
        True,
    ),
    (
        "a mark of one's own",
        {
            "Staff.java": "@PreAuthorize(\"hasRole('STAFF')\")\npublic @interface Staff {\n}\n",
            "A.java": java(f"@Staff {X}"),
        },
        True,
    ),
    (
        "a mark of one's own that asks nobody",
        {"S.java": "public @interface Staff {\n}\n", "A.java": java(f"@Staff {X}")},
        None,
    ),
    ("a mark in a comment", {"A.java": java(f'/* @PreAuthorize("isAuthenticated()") */ {X}')}, None),
    (
        "an argument of Dropwizard",
        {"A.java": '@Path("/x")\nclass A {\n  @GET\n  int f(@Auth User user) { return 1; }\n}\n'},
        True,
    ),
    ("Kotlin", {"A.kt": kotlin(f"@PreAuthorize(\"hasRole('A')\")\n  {X}")}, True),
    ("Kotlin's class", {"A.kt": kotlin(X, '@RestController\n@Secured("ROLE_A")\n')}, True),
    ("a chain for all", {"S.java": chain(KNOWN_CHAIN), "A.java": java(X)}, True),
    ("a chain for nobody", {"S.java": chain(OPEN_CHAIN), "A.java": java(X)}, False),
    (
        "a chain with a filter of its own",
        {"S.java": chain("http.addFilterBefore(tokens, Basic.class);\n" + OPEN_CHAIN), "A.java": java(X)},
        None,
    ),
    (
        "a chain that opens the path first",
        {
            "S.java": chain(
                'http.authorizeHttpRequests(a -> a.requestMatchers("/x/**").permitAll().anyRequest().authenticated());'
            ),
            "A.java": java(X),
        },
        False,
    ),
    (
        "a chain that opens another path",
        {
            "S.java": chain(
                'http.authorizeHttpRequests(a -> a.requestMatchers("/y/*").permitAll().anyRequest().hasRole("A"));'
            ),
            "A.java": java(X),
        },
        True,
    ),
    (
        "a chain that opens another method",
        {
            "S.java": chain(
                'http.authorizeHttpRequests(a -> a.requestMatchers(HttpMethod.POST, "/x").permitAll()'
                ".anyRequest().authenticated());"
            ),
            "A.java": java(X),
        },
        True,
    ),
    (
        "a chain that opens the method",
        {
            "S.java": chain(
                "http.authorizeHttpRequests(a -> a.requestMatchers(HttpMethod.GET).permitAll()"
                ".anyRequest().authenticated());"
            ),
            "A.java": java(X),
        },
        False,
    ),
    (
        "a chain with a list of open paths",
        {
            "S.java": chain(
                "http.authorizeHttpRequests(a -> a.requestMatchers(OPEN).permitAll().anyRequest().authenticated());"
            ).replace("{\n", '{\n  private static final String[] OPEN = {"/y", "/x"};\n', 1),
            "A.java": java(X),
        },
        False,
    ),
    (
        "a chain with paths that cannot be told",
        {
            "S.java": chain(
                "http.authorizeHttpRequests(a -> a.requestMatchers(open()).permitAll().anyRequest().authenticated());"
            ),
            "A.java": java(X),
        },
        None,
    ),
    (
        "a chain with a decision of its own",
        {"S.java": chain("http.authorizeHttpRequests(a -> a.anyRequest().access(decision));"), "A.java": java(X)},
        None,
    ),
    (
        "a chain in the older words",
        {
            "S.java": chain(
                'http.authorizeRequests().antMatchers("/y").permitAll().anyRequest().authenticated().and();'
            ),
            "A.java": java(X),
        },
        True,
    ),
    (
        "a chain for other paths",
        {"S.java": chain('http.securityMatcher("/admin/**");\n' + KNOWN_CHAIN), "A.java": java(X)},
        None,
    ),
    ("a chain that is no bean", {"S.java": chain(KNOWN_CHAIN, bean=""), "A.java": java(X)}, None),
    ("a chain that is not set up", {"S.java": chain(KNOWN_CHAIN, marks=""), "A.java": java(X)}, None),
    (
        "a chain of one profile",
        {"S.java": chain(KNOWN_CHAIN, '@Configuration\n@Profile("prod")\n'), "A.java": java(X)},
        None,
    ),
    ("a chain in a comment", {"S.java": chain(f"// {KNOWN_CHAIN}"), "A.java": java(X)}, None),
    (
        "a chain of another module",
        {"pay/src/main/java/S.java": chain(KNOWN_CHAIN), "till/src/main/java/A.java": java(X)},
        None,
    ),
    (
        "a path with a setting before it",
        {
            "S.java": chain(
                'http.authorizeHttpRequests(a -> a.requestMatchers("/v1/**").permitAll().anyRequest().authenticated());'
            ),
            "A.java": java(X, '@RestController\n@RequestMapping("${api.base}")\n'),
        },
        True,
    ),
    (
        "a chain in Kotlin",
        {
            "S.kt": "@Configuration\nclass Security {\n"
            "  @Bean\n  fun chain(http: HttpSecurity): SecurityFilterChain {\n"
            '    http { authorizeHttpRequests {\n      authorize("/y/**", permitAll)\n'
            "      authorize(anyRequest, authenticated)\n    } }\n    return http.build()\n  }\n}\n",
            "A.kt": kotlin(X),
        },
        True,
    ),
    (
        "marks that nobody asks for",
        {"S.java": chain(OPEN_CHAIN), "A.java": java(f'@PreAuthorize("isAuthenticated()") {X}')},
        False,
    ),
    (
        "marks that are switched on",
        {
            "S.java": chain(OPEN_CHAIN, "@Configuration\n@EnableMethodSecurity\n"),
            "A.java": java(f'@PreAuthorize("isAuthenticated()") {X}'),
        },
        True,
    ),
    (
        "marks of another kind that are switched on",
        {
            "S.java": chain(OPEN_CHAIN, "@Configuration\n@EnableMethodSecurity\n"),
            "A.java": java(f'@Secured("ROLE_A") {X}'),
        },
        False,
    ),
    (
        "marks that are switched on by name",
        {
            "S.java": chain(OPEN_CHAIN, "@Configuration\n@EnableMethodSecurity(securedEnabled = true)\n"),
            "A.java": java(f'@Secured("ROLE_A") {X}'),
        },
        True,
    ),
]


class TestGuards:
    @pytest.mark.parametrize(("form", "files", "guarded"), GUARDED, ids=[form for form, _, _ in GUARDED])
    def test_tells_who_may_pass(self, form, files, guarded):
        """
        What is marked on a method counts before what is marked on its class, and a filter chain for what is left.
        """
        assert [guarded] == [route.guarded for route in routes_of(files).routes]

    def test_a_path_that_is_not_written_out_is_told(self):
        """
        A constant that stands in no file of the tree is named, and takes passes back.
        """
        fact = routes_of({"A.java": java("@GetMapping(Paths.ORDERS)")})

        assert ["{Paths.ORDERS}"] == [route.path.lstrip("/") for route in fact.routes]
        assert [(False, "A.java:3: a route hangs on a path that cannot be told, {Paths.ORDERS}")] == [
            (aside.void, str(aside)) for aside in fact.aside
        ]

    def test_routes_that_functions_build_are_told(self):
        """
        A form that nobody reads here takes passes back.
        """
        text = "class R {\n  @Bean RouterFunction<R> r() {\n    return RouterFunctions.route().build();\n  }\n}\n"

        assert [False] == [aside.void for aside in routes_of({"R.java": text}).aside]
