"""Routes of Phoenix are followed through their pipelines to the plugs that stand before them."""

from __future__ import annotations

import pytest

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree

ROUTER = "lib/shop_web/router.ex"
CONTROLLER = "lib/shop_web/controllers/order_controller.ex"
NEEDS = (
    "  def needs(conn, _opts) do\n    if conn.assigns[:current_user] do\n      conn\n    else\n"
    "      conn |> put_status(:unauthorized) |> halt()\n    end\n  end\n"
)


def routes_of(files: dict[str, str]) -> Routes:
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]


def router(text: str) -> dict[str, str]:
    return {ROUTER: f"defmodule ShopWeb.Router do\n  use ShopWeb, :router\n{text}end\n"}


def piped(plugs: str, more: str = "") -> dict[str, str]:
    return router(
        f"  pipeline :inner do\n{plugs}  end\n"
        f'  scope "/", ShopWeb do\n    pipe_through :inner\n    get "/x", OrderController, :index\n  end\n{more}'
    )


def controller(text: str) -> dict[str, str]:
    return {
        **router('  scope "/", ShopWeb do\n    get "/x", OrderController, :index\n  end\n'),
        CONTROLLER: f"defmodule ShopWeb.OrderController do\n  use ShopWeb, :controller\n{text}end\n",
    }


def plug(body: str) -> dict[str, str]:
    return {
        "lib/needs.ex": "defmodule ShopWeb.Needs do\n  import Plug.Conn\n  def init(opts), do: opts\n"
        f"  def call(conn, _opts) do\n{body}  end\nend\n"
    }


HALTS = '    if conn.assigns[:user], do: conn, else: conn |> send_resp(401, "") |> halt()\n'
PATHS: dict[str, tuple[str, list[str]]] = {
    "a verb": ('  scope "/" do\n    post "/x", C, :create\n  end\n', ["POST /x"]),
    "scopes in scopes": (
        '  scope "/a" do\n    scope "/b" do\n      get "/x", C, :index\n    end\n  end\n',
        ["GET /a/b/x"],
    ),
    "a scope of options": ('  scope path: "/a", alias: Shop do\n    get "/x", C, :index\n  end\n', ["GET /a/x"]),
    "resources": (
        '  scope "/" do\n    resources "/orders", C\n  end\n',
        [
            *("DELETE /orders/:id", "GET /orders", "GET /orders/:id", "GET /orders/:id/edit", "GET /orders/new"),
            *("PATCH /orders/:id", "POST /orders"),
        ],
    ),
    "some resources": ('  scope "/" do\n    resources "/orders", C, only: [:index]\n  end\n', ["GET /orders"]),
    "resources but some": (
        '  scope "/" do\n    resources "/o", C, except: [:new, :edit, :show, :update, :delete], param: "n"\n  end\n',
        ["GET /o", "POST /o"],
    ),
    "resources in resources": (
        '  scope "/" do\n    resources "/orders", C, only: [] do\n'
        '      resources "/items", I, only: [:show], param: "n"\n'
        "    end\n  end\n",
        ["GET /orders/:order_id/items/:n"],
    ),
    "one resource": (
        '  scope "/" do\n    resources "/me", C, only: [:show, :update], singleton: true\n  end\n',
        ["GET /me", "PATCH /me"],
    ),
    "any method": ('  scope "/" do\n    match :*, "/x", C, :index\n  end\n', ["ANY /x"]),
    "a live view": ('  scope "/" do\n    live "/x", XLive, :index\n  end\n', ["GET /x"]),
    "what is handed on": ('  scope "/" do\n    forward "/x", Sent\n  end\n', ["ANY /x"]),
}
GUARDED: dict[str, dict[str, str]] = {
    "a plug of the router": piped("    plug :needs\n", NEEDS),
    "a plug that is piped through": router(
        f'  scope "/", ShopWeb do\n    pipe_through [:browser, :needs]\n    get "/x", C, :index\n  end\n{NEEDS}'
    ),
    "a plug that is imported": {
        **piped("    plug :needs\n", "  import ShopWeb.Auth\n"),
        "lib/auth.ex": f"defmodule ShopWeb.Auth do\n  import Plug.Conn\n{NEEDS}end\n",
    },
    "a module": {**piped("    plug ShopWeb.Needs, role: :admin\n"), **plug(HALTS)},
    "a module under a short name": {**piped("    plug Needs\n"), **plug(HALTS), ROUTER: piped("    plug Needs\n")[
        ROUTER].replace("  pipeline", "  alias ShopWeb.Needs\n  pipeline", 1)},
    "a module of plugs": {
        **piped("    plug ShopWeb.Pipeline\n"),
        "lib/p.ex": "defmodule ShopWeb.Pipeline do\n  use Guardian.Plug.Pipeline\n"
        "  plug Guardian.Plug.EnsureAuthenticated\nend\n",
    },
    "a library's": piped("    plug Guardian.Plug.EnsureAuthenticated\n"),
    "a way to the login": piped(
        "    plug :needs\n", NEEDS.replace("put_status(:unauthorized)", 'redirect(to: ~p"/users/log-in")')
    ),
    "a plug that leaves it to another": piped(
        "    plug :admins\n",
        NEEDS + "  def admins(conn, opts) do\n    if conn.assigns[:admin] do\n      conn\n    else\n"
        "      needs(conn, opts)\n    end\n  end\n",
    ),
    "a plug of the controller": controller(f"  plug :needs\n{NEEDS}"),
    "a plug for some, of which it is one": controller(f"  plug :needs when action in [:index, :show]\n{NEEDS}"),
    "a plug for all but others": controller(f"  plug :needs when action not in [:show]\n{NEEDS}"),
    "a check in the action": controller(
        "  def index(conn, _params) do\n    unless conn.assigns.current_user do\n"
        "      conn |> put_status(:forbidden) |> halt()\n    end\n    render(conn, :index)\n  end\n"
    ),
    "what a session of live views asks": {
        **router(
            '  scope "/", ShopWeb do\n    live_session :inner, on_mount: [{ShopWeb.Auth, :needs}] do\n'
            '      live "/x", XLive\n    end\n  end\n'
        ),
        "lib/auth.ex": "defmodule ShopWeb.Auth do\n  def on_mount(:needs, _params, _session, socket) do\n"
        "    if socket.assigns.current_user do\n      {:cont, socket}\n    else\n"
        '      {:halt, Phoenix.LiveView.redirect(socket, to: ~p"/login")}\n    end\n  end\n'
        "  def on_mount(:other, _params, _session, socket), do: {:cont, socket}\nend\n",
    },
}  # fmt: skip
NOT_GUARDED: dict[str, dict[str, str]] = {
    "nothing": piped(""),
    "a plug that lets all pass": piped("    plug :needs\n", "  def needs(conn, _opts), do: assign(conn, :a, 1)\n"),
    "a plug that is not there": piped("    plug :needs\n"),
    "a plug in a comment": piped("    # plug :needs\n", NEEDS),
    "a plug of another pipeline": piped("    plug :a\n", f"  pipeline :other do\n    plug :needs\n  end\n{NEEDS}"),
    "a plug whose refusal is dead": piped(
        "    plug :needs\n",
        '  def needs(conn, _) do\n    if false do\n      send_resp(conn, 401, "")\n    end\n    conn\n  end\n',
    ),
    "a plug whose refusal is a text": piped(
        "    plug :needs\n", '  def needs(conn, _) do\n    Logger.info("send_resp 401 unauthorized")\n    conn\n  end\n'
    ),
    "who is logged in is sent home": piped(
        "    plug :needs\n",
        '  def needs(conn, _) do\n    if conn.assigns[:current_user] do\n      conn |> redirect(to: ~p"/") |> halt()\n'
        "    else\n      conn\n    end\n  end\n",
    ),
    "a module that lets all pass": {**piped("    plug ShopWeb.Needs\n"), **plug("    conn\n")},
    "a plug that asks only where it is told to": piped(
        "    plug :needs\n",
        "  def needs(conn, opts) do\n    if conn.assigns[:user] || opts[:optional] do\n      conn\n    else\n"
        '      deny(conn)\n    end\n  end\n  def deny(conn), do: send_resp(conn, 401, "")\n',
    ),
    "a plug of the controller for others": controller(f"  plug :needs when action in [:create]\n{NEEDS}"),
    "a plug of the controller for all but it": controller(f"  plug :needs when action not in [:index]\n{NEEDS}"),
    "a module for something else": {
        **piped("    plug ShopWeb.RateLimitNeeds\n"),
        "lib/needs.ex": plug(HALTS)["lib/needs.ex"].replace("Needs", "RateLimitNeeds"),
    },
    "a plug on a condition": controller(f"  plug :needs when late\n{NEEDS}"),
    "what a session of live views does not ask": {
        **router(
            '  scope "/", ShopWeb do\n    live_session :inner, on_mount: [{ShopWeb.Auth, :other}] do\n'
            '      live "/x", XLive\n    end\n  end\n'
        ),
        "lib/auth.ex": "defmodule ShopWeb.Auth do\n  def on_mount(:needs, _p, _s, socket) do\n"
        '    {:halt, redirect(socket, to: ~p"/login")}\n  end\n'
        "  def on_mount(:other, _p, _s, socket), do: {:cont, socket}\nend\n",
    },
}
VOID: dict[str, str] = {
    "commented out": '  scope "/" do\n    # get "/x", C, :index\n  end\n',
    "in a dead branch": '  if false do\n    scope "/" do\n      get "/x", C, :index\n    end\n  end\n',
    "in development only": '  if Mix.env() == :dev do\n    scope "/" do\n      get "/x", C, :index\n    end\n  end\n',
    "in a text": '  @moduledoc """\n  scope "/" do\n    get "/x", C, :index\n  end\n  """\n',
    "in a function": '  def more do\n    get "/x", C, :index\n  end\n',
}


class TestPhoenix:
    @pytest.mark.parametrize(("text", "expected"), PATHS.values(), ids=PATHS)
    def test_paths_have_all_that_is_around_them(self, text, expected):
        """
        Methods and paths are those under which a route is reached.
        """
        assert expected == sorted(f"{method} {path}" for method, path, _ in told(router(text)))

    @pytest.mark.parametrize("files", GUARDED.values(), ids=GUARDED)
    def test_a_plug_is_followed_to_its_definition(self, files):
        """
        It guards where it turns somebody away, wherever it is put.
        """
        assert [("GET", "/x", True)] == told(files)

    @pytest.mark.parametrize("files", NOT_GUARDED.values(), ids=NOT_GUARDED)
    def test_what_turns_nobody_away_guards_nothing(self, files):
        """
        What lets all pass, stands before others or is not in force is no guard.
        """
        assert [("GET", "/x", None)] == told(files)

    @pytest.mark.parametrize("text", VOID.values(), ids=VOID)
    def test_a_void_route_is_none(self, text):
        """
        What is commented out, never runs or is for development only declares nothing.
        """
        assert [] == told(router(text))

    def test_a_form_that_is_not_understood_is_told(self):
        """
        Nobody can tell then whether all routes are known.
        """
        found = routes_of(router('  scope "/" do\n    pow_routes()\n    get @path, C, :index\n  end\n'))

        assert [("pow_routes", 4, False), ("get", 5, False)] == [(one.what, one.line, one.void) for one in found.aside]

    def test_a_router_behind_another(self):
        """
        Its routes have the path under which it is handed on to.
        """
        inner = 'defmodule ShopWeb.Inner do\n  use Phoenix.Router\n  get "/x", C, :index\nend\n'
        files = {**router('  scope "/", ShopWeb do\n    forward "/in", ShopWeb.Inner\n  end\n'), "lib/inner.ex": inner}

        assert {("GET", "/in/x", None), ("ANY", "/in", None)} == set(told(files))
