"""Routes of Rails are followed to the controllers that answer them and what stands before these; Sinatra's as well."""

from __future__ import annotations

import pytest

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree

ROUTES = "config/routes.rb"
ORDERS = "app/controllers/orders_controller.rb"
APPLICATION = "app/controllers/application_controller.rb"
NEEDS = "  def needs\n    redirect_to '/login' unless current_user\n  end\n"


def routes_of(files: dict[str, str]) -> Routes:
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]


def drawn(text: str) -> str:
    return f"Rails.application.routes.draw do\n{text}end\n"


def controller(text: str, name: str = "Orders", above: str = "ApplicationController") -> str:
    return f"class {name}Controller < {above}\n{text}end\n"


ONE = drawn("  get '/orders', to: 'orders#index'\n")
PATHS: dict[str, tuple[str, list[str]]] = {
    "a verb with an arrow": ("  post '/x' => 'x#y'\n", ["POST /x"]),
    "a verb with an option": ("  delete 'x', to: 'x#y'\n", ["DELETE /x"]),
    "the root": ("  root 'x#y'\n", ["GET /"]),
    "several methods": ("  match '/x', to: 'x#y', via: [:get, :post]\n", ["GET /x", "POST /x"]),
    "all methods": ("  match '/x', to: 'x#y', via: :all\n", ["ANY /x"]),
    "resources": (
        "  resources :orders\n",
        [
            *("DELETE /orders/:id", "GET /orders", "GET /orders/:id", "GET /orders/:id/edit", "GET /orders/new"),
            *("PATCH /orders/:id", "POST /orders"),
        ],
    ),
    "some of the resources": ("  resources :orders, only: %i[index show]\n", ["GET /orders", "GET /orders/:id"]),
    "all of them but some": (
        "  resources :orders, except: [:new, :edit, :show, :update, :destroy]\n",
        ["GET /orders", "POST /orders"],
    ),
    "one resource": ("  resource :profile, only: [:show, :update]\n", ["GET /profile", "PATCH /profile"]),
    "resources elsewhere": ("  resources :orders, path: 'buy', param: :code, only: :show\n", ["GET /buy/:code"]),
    "resources in resources": (
        "  resources :orders, only: [] do\n    resources :items, only: :index\n  end\n",
        ["GET /orders/:order_id/items"],
    ),
    "members and collections": (
        "  resources :orders, only: [] do\n    member { post :pay }\n    collection do\n      get :late\n    end\n"
        "    get 'now', on: :collection\n    put :close, on: :member\n  end\n",
        ["GET /orders/late", "GET /orders/now", "POST /orders/:id/pay", "PUT /orders/:id/close"],
    ),
    "a namespace": ("  namespace :admin do\n    get 'x', to: 'x#y'\n  end\n", ["GET /admin/x"]),
    "a scope": (
        "  scope '/v1' do\n    scope path: 'in' do\n      get 'x', to: 'x#y'\n    end\n  end\n",
        ["GET /v1/in/x"],
    ),
    "a scope of modules alone": ("  scope module: 'v1' do\n    get 'x', to: 'x#y'\n  end\n", ["GET /x"]),
    "a concern": (
        "  concern :paid do\n    post :pay, on: :member\n  end\n  resources :orders, only: [], concerns: :paid\n",
        ["POST /orders/:id/pay"],
    ),
    "a concern that is called": (
        "  concern :paid do\n    post :pay, on: :member\n  end\n"
        "  resources :orders, only: [] do\n    concerns :paid\n  end\n",
        ["POST /orders/:id/pay"],
    ),
    "a list": ("  %w[a b].each do |name|\n    get \"/#{name}\", to: 'x#y'\n  end\n", ["GET /{name}"]),
    "something mounted": ("  mount Sidekiq::Web => '/jobs'\n", ["ANY /jobs"]),
    "something mounted at": ("  mount Sidekiq::Web, at: 'jobs'\n", ["ANY /jobs"]),
    "the logins of Devise": (
        "  devise_for :users\n",
        ["DELETE /users/sign_out", "GET /users/sign_in", "POST /users/sign_in"],
    ),
    "Devise without logins": ("  devise_for :users, skip: [:sessions]\n", []),
}
GUARDED: dict[str, dict[str, str]] = {
    "a guard of Devise": {ORDERS: controller("  before_action :authenticate_user!\n")},
    "a guard of its own name": {ORDERS: controller(f"  before_action :needs\n{NEEDS}")},
    "a guard of the controller above": {
        ORDERS: controller(""),
        APPLICATION: controller(f"  before_action :needs\n{NEEDS}", "Application", "ActionController::Base"),
    },
    "a guard that only is above": {
        ORDERS: controller("  before_action :needs\n"),
        APPLICATION: controller(NEEDS, "Application", "ActionController::Base"),
    },
    "a guard of a concern": {
        ORDERS: controller("  include Guarded\n"),
        "app/controllers/concerns/guarded.rb": "module Guarded\n  extend ActiveSupport::Concern\n  included do\n"
        f"    before_action :needs\n  end\n{NEEDS}end\n",
    },
    "a guard that leaves it to another": {
        ORDERS: controller(f"  before_action :admins\n  def admins\n    needs\n  end\n{NEEDS}")
    },
    "a guard that is private": {ORDERS: controller(f"  before_action :needs\n  private\n{NEEDS}")},
    "a guard that answers 401": {
        ORDERS: controller("  before_action :needs\n  def needs\n    head :unauthorized if current_user.nil?\n  end\n")
    },
    "a guard that sends home who is no admin": {
        ORDERS: controller(
            "  before_action :admins\n  def admins\n    redirect_to root_path unless current_user&.admin?\n  end\n"
        )
    },
    "a guard that raises": {
        ORDERS: controller("  before_action :needs\n  def needs\n    raise Forbidden unless @user\n  end\n")
    },
    "a guard in a block": {ORDERS: controller("  before_action { head :forbidden unless current_user }\n")},
    "a guard for some, of which it is one": {
        ORDERS: controller("  before_action :authenticate_user!, only: [:index, :show]\n")
    },
    "a guard for all but others": {ORDERS: controller("  before_action :authenticate_user!, except: :show\n")},
    "a guard everywhere but on Devise's pages": {
        ORDERS: controller("  before_action :authenticate_user!, unless: :devise_controller?\n")
    },
    "a guard that others skip": {
        ORDERS: controller(
            "  before_action :authenticate_user!\n  skip_before_action :authenticate_user!, only: :show\n"
        )
    },
    "a guard by a word of its own": {
        ORDERS: controller("  members_only\n"),
        APPLICATION: controller(
            f"  def self.members_only(**options)\n    before_action :needs, **options\n  end\n{NEEDS}",
            "Application",
            "ActionController::Base",
        ),
    },
    "a guard of the framework": {ORDERS: controller("  http_basic_authenticate_with name: 'a', password: ENV['P']\n")},
    "a check in the action": {
        ORDERS: controller(
            "  def index\n    return head :forbidden unless current_user.admin?\n    render all\n  end\n"
        )
    },
    "a check that the action calls": {ORDERS: controller("  def index\n    authorize! :read, Order\n  end\n")},
    "a block of routes for those who are logged in": {
        ROUTES: drawn("  authenticate :user do\n    get '/orders', to: 'orders#index'\n  end\n")
    },
}
NOT_GUARDED: dict[str, dict[str, str]] = {
    "no controller": {},
    "a guard that lets all pass": {ORDERS: controller("  before_action :needs\n  def needs\n    @user = 1\n  end\n")},
    "the name of a library's guard that lets all pass": {
        ORDERS: controller("  before_action :authenticate_user!\n  def authenticate_user!\n    true\n  end\n")
    },
    "a guard that is commented out": {ORDERS: controller(f"  # before_action :needs\n{NEEDS}")},
    "a guard in a dead branch": {
        ORDERS: controller(f"  if false\n    before_action :authenticate_user!\n  end\n{NEEDS}")
    },
    "a refusal in a dead branch": {
        ORDERS: controller(
            "  before_action :needs\n  def needs\n    if false\n      redirect_to '/login'\n    end\n  end\n"
        )
    },
    "a refusal after a return": {
        ORDERS: controller("  before_action :needs\n  def needs\n    return\n    redirect_to '/login'\n  end\n")
    },
    "a refusal in a text": {
        ORDERS: controller("  before_action :needs\n  def needs\n    logger.info('redirect_to /login 401')\n  end\n")
    },
    "a guard of others": {ORDERS: controller("  before_action :authenticate_user!, only: [:create]\n")},
    "a guard of all but this": {ORDERS: controller("  before_action :authenticate_user!, except: [:index]\n")},
    "a guard with a condition": {ORDERS: controller("  before_action :authenticate_user!, if: :late?\n")},
    "a guard whose actions cannot be read": {
        ORDERS: controller("  before_action :authenticate_user!, only: GUARDED\n")
    },
    "a guard of another controller": {"a.rb": controller("  before_action :authenticate_user!\n", "Items")},
    "a method that nobody calls": {ORDERS: controller(NEEDS)},
    "who is logged in is sent home": {
        ORDERS: controller(
            "  before_action :only_strangers\n  def only_strangers\n    redirect_to '/' if @user\n  end\n"
        )
    },
    "what is not found": {
        ORDERS: controller("  def index\n    raise NotFound unless @order.shown_to_user?\n    render all\n  end\n")
    },
    "what stands after": {ORDERS: controller(f"  after_action :needs\n{NEEDS}")},
    "a check of something else": {
        ORDERS: controller("  before_action :check_captcha\n  def check_captcha\n    head :forbidden\n  end\n")
    },
    "a check in a dead part of the action": {
        ORDERS: controller("  def index\n    return\n    return head :forbidden unless current_user.admin?\n  end\n")
    },
    "a comparison with 401": {
        ORDERS: controller("  before_action :needs\n  def needs\n    retry_it if reply.status == 401\n  end\n")
    },
}
VOID: dict[str, str] = {
    "commented out": drawn("  # get '/x', to: 'x#y'\n"),
    "in a block comment": drawn("=begin\n  get '/x', to: 'x#y'\n=end\n"),
    "in a dead branch": drawn("  if false\n    get '/x', to: 'x#y'\n  end\n"),
    "in a method that nobody calls": drawn("  def extra\n    get '/x', to: 'x#y'\n  end\n"),
    "in development only": drawn("  if Rails.env.development?\n    get '/x', to: 'x#y'\n  end\n"),
    "in a concern that nobody uses": drawn("  concern :paid do\n    get '/x', to: 'x#y'\n  end\n"),
}


class TestRails:
    @pytest.mark.parametrize(("text", "expected"), PATHS.values(), ids=PATHS)
    def test_paths_have_all_that_is_around_them(self, text, expected):
        """
        Methods and paths are those under which a route is reached.
        """
        assert expected == sorted(f"{method} {path}" for method, path, _ in told({ROUTES: drawn(text)}))

    @pytest.mark.parametrize("files", GUARDED.values(), ids=GUARDED)
    def test_a_guard_is_followed_to_its_definition(self, files):
        """
        What stands before an action guards it, wherever it is defined.
        """
        assert [("GET", "/orders", True)] == told({ROUTES: ONE, **files})

    @pytest.mark.parametrize("files", NOT_GUARDED.values(), ids=NOT_GUARDED)
    def test_what_turns_nobody_away_guards_nothing(self, files):
        """
        A guard that lets all pass, is not in force or stands before others is none.
        """
        assert [("GET", "/orders", None)] == told({ROUTES: ONE, **files})

    def test_a_guard_that_is_skipped_leaves_the_route_open(self):
        """
        Whoever takes a guard away says that everybody may pass, unless another guard is left.
        """
        skips = "  before_action :authenticate_user!\n  skip_before_action :authenticate_user!, only: :index\n"

        assert [("GET", "/orders", False)] == told({ROUTES: ONE, ORDERS: controller(skips)})
        assert [("GET", "/orders", True)] == told(
            {ROUTES: ONE, ORDERS: controller(f"{skips}  before_action :needs\n{NEEDS}")}
        )

    def test_what_is_skipped_on_a_condition_is_not_told_to_be_open(self):
        """
        Then nobody can tell.
        """
        skips = "  before_action :authenticate_user!\n  skip_before_action :authenticate_user!, if: :late?\n"

        assert [("GET", "/orders", None)] == told({ROUTES: ONE, ORDERS: controller(skips)})

    @pytest.mark.parametrize("text", VOID.values(), ids=VOID)
    def test_a_void_route_is_none(self, text):
        """
        What is commented out, never drawn or for development only is no route.
        """
        assert [] == told({ROUTES: text})

    def test_a_controller_in_a_module(self):
        """
        A namespace names the module of the controller, and ``module:`` does without a path.
        """
        text = drawn("  namespace :admin do\n    resources :orders, only: :index\n  end\n")
        nested = controller("  before_action :authenticate_user!\n", "Admin::Orders")
        wrapped = "module Admin\n" + controller("  before_action :authenticate_user!\n") + "end\n"

        assert [("GET", "/admin/orders", True)] == told({ROUTES: text, "a.rb": nested})
        assert [("GET", "/admin/orders", True)] == told({ROUTES: text, "a.rb": wrapped})
        assert [("GET", "/admin/orders", None)] == told({ROUTES: text, "a.rb": nested.replace("Admin::", "")})

    def test_a_file_that_is_drawn_in(self):
        """
        Its routes have the path of where it is drawn in, and are none where nobody draws it in.
        """
        files = {"config/routes/api.rb": "get 'x', to: 'x#y'\n"}

        assert [] == told({ROUTES: drawn(""), **files})
        assert [("GET", "/v1/x", None)] == told({ROUTES: drawn("  scope 'v1' do\n    draw(:api)\n  end\n"), **files})

    def test_an_engine_of_the_tree(self):
        """
        Its routes are reached where it is mounted, once.
        """
        engine = "Shop::Engine.routes.draw do\n  get 'x', to: 'x#y'\nend\n"
        files = {"shop/config/routes.rb": engine}

        assert [("GET", "/shop/x", None)] == told({ROUTES: drawn("  mount Shop::Engine, at: '/shop'\n"), **files})
        assert [("GET", "/x", None)] == told(files)

    def test_a_form_that_is_not_understood_is_told(self):
        """
        Nobody can tell then whether all routes are known.
        """
        found = routes_of({ROUTES: drawn("  use_doorkeeper\n  resources(*names)\n  get '/x', to: 'x#y'\n")})

        assert [("use_doorkeeper", 2, False), ("resources", 3, False)] == [
            (aside.what, aside.line, aside.void) for aside in found.aside
        ]
        assert ["/x"] == [route.path for route in found.routes]


SINATRA = "require 'sinatra'\n"
BEFORE: dict[str, tuple[str, bool | None]] = {
    "nothing": ("", None),
    "a block": ("before do\n  halt 401 unless session[:user]\nend\n", True),
    "a block that lets all pass": ("before do\n  @now = Time.now\nend\n", None),
    "a block for a path": ("before '/x*' do\n  halt 401 unless session[:user]\nend\n", None),
    "a block for its path": ("before '/orders/*' do\n  halt 401 unless session[:user]\nend\n", True),
    "a helper": (
        "helpers do\n  def needs!\n    redirect '/login' unless session[:user]\n  end\nend\nbefore { needs! }\n",
        True,
    ),
    "a helper that nobody calls": ("helpers do\n  def needs!\n    redirect '/login'\n  end\nend\n", None),
    "a block that is commented out": ("# before { halt 401 }\n", None),
    "a block in a dead branch": ("if false\n  before { halt 401 }\nend\n", None),
}


class TestSinatra:
    @pytest.mark.parametrize(("text", "guarded"), BEFORE.values(), ids=BEFORE)
    def test_a_block_before_guards(self, text, guarded):
        """
        It does where it turns somebody away, before the paths that it names.
        """
        route = "get '/orders/:id' do\n  erb :order\nend\n"

        assert [("GET", "/orders/:id", guarded)] == told({"app.rb": SINATRA + text + route})

    def test_an_application_has_what_is_above_it(self):
        """
        Filters and helpers of the class above stand before its routes, and namespaces before their paths.
        """
        text = (
            "class Base < Sinatra::Base\n  before { halt 403 unless session[:user] }\nend\n"
            "class App < Base\n  namespace '/v1' do\n    post('/x') { 1 }\n  end\nend\n"
        )

        assert [("POST", "/v1/x", True)] == told({"app.rb": SINATRA + text})
        assert [("POST", "/v1/x", None)] == told(
            {"app.rb": SINATRA + text.replace("App < Base", "App < Sinatra::Base")}
        )

    def test_a_check_in_the_block(self):
        """
        A route may turn somebody away itself.
        """
        text = "get('/x') do\n  halt 403 unless current_user\n  1\nend\nget('/y') { 1 }\n"

        assert [("GET", "/x", True), ("GET", "/y", None)] == told({"app.rb": SINATRA + text})
