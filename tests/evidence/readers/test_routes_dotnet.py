"""Routes of ASP.NET are read with the prefixes of controllers and groups and with who may pass to them."""

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


def controller(marks: str, above: str = "", name: str = "Orders", base: str = "ControllerBase") -> str:
    return (
        f"{above}public class {name}Controller : {base}\n{{\n    {marks}\n"
        "    public ActionResult One(int id) => Find(id);\n}\n"
    )


def program(*lines: str) -> str:
    return "var app = builder.Build();\n" + "".join(f"{line}\n" for line in lines) + "app.Run();\n"


READ: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a verb with its path": (controller('[HttpGet("/x")]'), [("GET", "/x")]),
    "a verb below the path of the class": (controller('[HttpPut("x")]', '[Route("v1")]\n'), [("PUT", "/v1/x")]),
    "a path from the root": (controller('[HttpGet("/x")]', '[Route("v1")]\n'), [("GET", "/x")]),
    "a path from the root of the site": (controller('[HttpGet("~/x")]', '[Route("v1")]\n'), [("GET", "/x")]),
    "the name of the controller": (
        controller("[HttpPost]", '[Route("api/[controller]")]\n'),
        [("POST", "/api/Orders")],
    ),
    "the name of the action": (controller("[HttpGet]", '[Route("[controller]/[action]")]\n'), [("GET", "/Orders/One")]),
    "a route beside the verb": (controller('[HttpDelete, Route("x/{id}")]'), [("DELETE", "/x/{id}")]),
    "a route without a verb": (controller('[Route("x")]'), [("ANY", "/x")]),
    "a name beside the path": (controller('[HttpGet("{id}", Name = "one")]', '[Route("x")]\n'), [("GET", "/x/{id}")]),
    "two verbs": (controller('[HttpGet("x")]\n    [HttpHead("x")]'), [("GET", "/x"), ("HEAD", "/x")]),
    "verbs by name": (controller('[AcceptVerbs("PATCH"), Route("x")]'), [("PATCH", "/x")]),
    "two paths of the class": (
        controller("[HttpGet]", '[Route("a")]\n[Route("b")]\n'),
        [("GET", "/a"), ("GET", "/b")],
    ),
    "the path of the class above": (
        '[Route("api/[controller]")]\npublic class Base : ControllerBase { }\n' + controller("[HttpGet]", base="Base"),
        [("GET", "/api/Orders")],
    ),
    "a constant": (
        'public static class Paths { public const string X = "x"; }\n' + controller("[HttpGet(Paths.X)]"),
        [("GET", "/x")],
    ),
    "a constant in a text": (
        'public static class Paths { public const string X = "x"; }\n' + controller('[HttpGet($"{Paths.X}/{{id}}")]'),
        [("GET", "/x/{id}")],
    ),
    "a call": (program('app.MapPost("/x", save);'), [("POST", "/x")]),
    "a call of several methods": (program('app.MapMethods("/x", new[] { "GET", "PUT" }, save);'), [("ANY", "/x")]),
    "a call of one method by name": (program('app.MapMethods("/x", new[] { "PUT" }, save);'), [("PUT", "/x")]),
    "a group": (program('var v1 = app.MapGroup("/v1");', 'v1.MapGet("/x", get);'), [("GET", "/v1/x")]),
    "a group in a group": (
        program('var v1 = app.MapGroup("/v1");', 'var o = v1.MapGroup("o").WithTags("o");', 'o.MapGet("x", get);'),
        [("GET", "/v1/o/x")],
    ),
    "a group in a row": (program('app.MapGroup("/v1").MapGet("/x", get);'), [("GET", "/v1/x")]),
    "a group that is handed over": (
        program('app.MapGroup("/v1").MapOrders();')
        + "public static class OrdersApi\n{\n    public static void MapOrders(this IEndpointRouteBuilder api)\n    {\n"
        '        api.MapGet("/x", get);\n    }\n}\n',
        [("GET", "/v1/x")],
    ),
    "an endpoint of FastEndpoints": (
        "public class One : Endpoint<Asked, Order>\n{\n    public override void Configure()\n"
        '    {\n        Get("/x");\n    }\n}\n',
        [("GET", "/x")],
    ),
    "a comment": (controller('// [HttpGet("/x")]'), []),
    "a text": (program('log.Write("app.MapGet(\\"/x\\", get)");'), []),
    "never compiled": ("class A\n{\n#if false\n" + '[HttpGet("/x")]\npublic int F() => 1;\n' + "#endif\n}\n", []),
    "never reached": (program('if (false)\n{\n    app.MapGet("/x", get);\n}'), []),
    "a map of something else": (program('mapper.Map("x", "y");'), []),
}


class TestReading:
    @pytest.mark.parametrize("form", READ)
    def test_reads_each_form(self, form):
        """
        Method and path are read with those of the class or group that they stand in.
        """
        text, expected = READ[form]

        assert expected == [(route.method, route.path) for route in routes_of({"Program.cs": text}).routes]


X = '[HttpGet("/x")]'
GET = 'app.MapGet("/x", get)'
STAFF = (
    "public class StaffAttribute : {}\n{{\n    public void OnAuthorization(AuthorizationFilterContext c)\n"
    "    {{\n        {}\n    }}\n}}\n"
)
GUARDED: list[tuple[str, dict[str, str], bool | None]] = [
    ("nothing", {"A.cs": controller(X)}, None),
    ("Authorize", {"A.cs": controller(f"[Authorize]\n    {X}")}, True),
    ("Authorize beside", {"A.cs": controller('[HttpGet("/x"), Authorize(Roles = "staff")]')}, True),
    ("Authorize by its whole name", {"A.cs": controller(f"[AuthorizeAttribute]\n    {X}")}, True),
    ("of the class", {"A.cs": controller(X, "[Authorize]\n")}, True),
    (
        "of the class above",
        {"A.cs": "[Authorize]\npublic class B : ControllerBase { }\n" + controller(X, base="B")},
        True,
    ),
    ("AllowAnonymous", {"A.cs": controller(f"[AllowAnonymous]\n    {X}")}, False),
    (
        "AllowAnonymous in a class with Authorize",
        {"A.cs": controller(f"[AllowAnonymous]\n    {X}", "[Authorize]\n")},
        False,
    ),
    (
        "Authorize in a class with AllowAnonymous",
        {"A.cs": controller(f"[Authorize]\n    {X}", "[AllowAnonymous]\n")},
        False,
    ),
    ("Authorize in a comment", {"A.cs": controller(f"// [Authorize]\n    {X}")}, None),
    ("Authorize of another method", {"A.cs": controller(f"[Authorize] public int F() => 1;\n    {X}")}, None),
    (
        "an attribute of one's own",
        {"S.cs": STAFF.format("AuthorizeAttribute", ""), "A.cs": controller(f"[Staff]\n    {X}")},
        True,
    ),
    (
        "a filter of one's own",
        {
            "S.cs": STAFF.format("Attribute, IAuthorizationFilter", "c.Result = new UnauthorizedResult();"),
            "A.cs": controller(f"[Staff]\n    {X}"),
        },
        True,
    ),
    (
        "a filter that turns nobody away",
        {
            "S.cs": STAFF.format("Attribute, IAuthorizationFilter", "Log(c);"),
            "A.cs": controller(f"[Staff]\n    {X}"),
        },
        None,
    ),
    (
        "a filter that does so in a comment",
        {
            "S.cs": STAFF.format("Attribute, IAuthorizationFilter", "// c.Result = new UnauthorizedResult();"),
            "A.cs": controller(f"[Staff]\n    {X}"),
        },
        None,
    ),
    (
        "a filter by its type",
        {
            "S.cs": STAFF.format("IAuthorizationFilter", "c.Result = new ForbidResult();"),
            "A.cs": controller(f"[ServiceFilter(typeof(StaffAttribute))]\n    {X}"),
        },
        True,
    ),
    (
        "an Authorize of one's own that does nothing",
        {"S.cs": "public class AuthorizeAttribute : Attribute { }\n", "A.cs": controller(f"[Authorize]\n    {X}")},
        None,
    ),
    ("a call", {"P.cs": program(f"{GET};")}, None),
    ("a call that asks", {"P.cs": program(f"{GET}.RequireAuthorization();")}, True),
    ("a call that asks last", {"P.cs": program(f'{GET}.WithName("x").RequireAuthorization("staff");')}, True),
    ("a call that asks nobody", {"P.cs": program(f"{GET}.AllowAnonymous();")}, False),
    ("a call that asks in a comment", {"P.cs": program(f"{GET}; // .RequireAuthorization()")}, None),
    ("an attribute of a function", {"P.cs": program('app.MapGet("/x", [Authorize] () => 1);')}, True),
    (
        "an attribute of the handler",
        {"P.cs": program(f"{GET};", "[Authorize] static int get() => 1;")},
        True,
    ),
    (
        "a group that asks",
        {"P.cs": program('var g = app.MapGroup("").RequireAuthorization();', 'g.MapGet("/x", get);')},
        True,
    ),
    (
        "a group that asks later",
        {"P.cs": program('var g = app.MapGroup("");', "g.RequireAuthorization();", 'g.MapGet("/x", get);')},
        True,
    ),
    (
        "a group that asks nobody",
        {"P.cs": program('var g = app.MapGroup("").AllowAnonymous();', 'g.MapGet("/x", get);')},
        False,
    ),
    (
        "a group elsewhere that asks",
        {"P.cs": program("var g = app.MapGroup().RequireAuthorization();", f"{GET};")},
        None,
    ),
    (
        "a group that is handed over and asks",
        {
            "P.cs": program('app.MapGroup("").RequireAuthorization().MapOrders();'),
            "Api.cs": "public static class Api\n{\n"
            "    public static void MapOrders(this RouteGroupBuilder api)\n    {\n"
            '        api.MapGet("/x", get);\n    }\n}\n',
        },
        True,
    ),
    ("all controllers", {"P.cs": program("app.MapControllers().RequireAuthorization();"), "A.cs": controller(X)}, True),
    ("no controllers", {"P.cs": program("app.MapControllers();"), "A.cs": controller(X)}, None),
    ("all controllers, and a call", {"P.cs": program("app.MapControllers().RequireAuthorization();", f"{GET};")}, None),
    (
        "a filter of all controllers",
        {"P.cs": program("services.AddMvc(o => o.Filters.Add(new AuthorizeFilter()));"), "A.cs": controller(X)},
        True,
    ),
    (
        "a policy for all",
        {
            "P.cs": program(
                "services.AddAuthorization(o => { o.FallbackPolicy = new AuthorizationPolicyBuilder()"
                ".RequireAuthenticatedUser().Build(); });",
                f"{GET};",
            )
        },
        True,
    ),
    ("a policy for all by name", {"P.cs": program("b.SetFallbackPolicy(b.DefaultPolicy);", f"{GET};")}, True),
    ("a policy that is none", {"P.cs": program("o.FallbackPolicy = null;", f"{GET};")}, None),
    ("a policy in a comment", {"P.cs": program("// o.FallbackPolicy = o.DefaultPolicy;", f"{GET};")}, None),
    (
        "a policy that never is",
        {"P.cs": program("if (false)\n{\n    o.FallbackPolicy = o.DefaultPolicy;\n}", f"{GET};")},
        None,
    ),
    (
        "a policy, and a call that asks nobody",
        {"P.cs": program("o.FallbackPolicy = o.DefaultPolicy;", f"{GET}.AllowAnonymous();")},
        False,
    ),
    (
        "a policy of another program",
        {"pay/P.cs": program("o.FallbackPolicy = o.DefaultPolicy;"), "till/P.cs": program(f"{GET};")},
        None,
    ),
    (
        "FastEndpoints",
        {"E.cs": 'class E : Endpoint<A, B>\n{\n    public override void Configure() { Get("/x"); }\n}\n'},
        True,
    ),
    (
        "FastEndpoints for everybody",
        {
            "E.cs": "class E : EndpointWithoutRequest\n{\n    public override void Configure() "
            '{ Get("/x"); AllowAnonymous(); }\n}\n'
        },
        False,
    ),
]


class TestGuards:
    @pytest.mark.parametrize(("form", "files", "guarded"), GUARDED, ids=[form for form, _, _ in GUARDED])
    def test_tells_who_may_pass(self, form, files, guarded):
        """
        Attributes, calls and policies are followed; what opens a route wins over what guards it.
        """
        assert [guarded] == [route.guarded for route in routes_of(files).routes]

    def test_a_path_that_is_not_written_out_is_told(self):
        """
        What a path is made of, and stands in no file of the tree, takes passes back.
        """
        files = {"A.cs": controller("[HttpGet(Paths.Orders)]"), "P.cs": program('app.MapGet(prefix + "/x", get);')}
        fact = routes_of(files)

        assert ["{Paths.Orders}", "{prefix}/x"] == [route.path.lstrip("/") for route in fact.routes]
        assert [False, False] == [aside.void for aside in fact.aside]
