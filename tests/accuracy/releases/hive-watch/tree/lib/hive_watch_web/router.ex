defmodule HiveWatchWeb.Router do
  use HiveWatchWeb, :router
  import HiveWatchWeb.Auth

  pipeline :browser do
    plug :accepts, ["html"]
    plug :fetch_session
    plug :fetch_live_flash
    plug :put_root_layout, html: {HiveWatchWeb.Layouts, :root}
    plug :protect_from_forgery
    plug :put_secure_browser_headers, %{"content-security-policy" => "default-src 'self'; img-src 'self' data:; connect-src 'self' wss:; frame-ancestors 'none'", "x-frame-options" => "DENY", "x-content-type-options" => "nosniff"}
    plug :fetch_keeper
  end

  pipeline :device do
    plug :accepts, ["json"]
    plug HiveWatchWeb.DeviceAuth
    plug HiveWatchWeb.RateLimit, scale: :timer.minutes(1), limit: 10, by: :sensor
  end

  pipeline :doorstep do
    plug HiveWatchWeb.RateLimit, scale: :timer.minutes(5), limit: 10, by: :ip
  end

  get "/live", HiveWatchWeb.HealthController, :live
  get "/ready", HiveWatchWeb.HealthController, :ready

  scope "/api/v1", HiveWatchWeb do
    pipe_through :device
    post "/readings", ReadingController, :create
  end

  scope "/", HiveWatchWeb do
    pipe_through :browser
    get "/", PageController, :home
    get "/privacy", PageController, :privacy
  end

  scope "/", HiveWatchWeb do
    pipe_through [:browser, :doorstep]
    get "/enter", SessionController, :new
    post "/enter", SessionController, :create
    post "/join", KeeperController, :create
    post "/reset", ResetController, :create
    put "/reset/:token", ResetController, :update
  end

  scope "/", HiveWatchWeb do
    pipe_through [:browser, :require_keeper]
    live_session :keeper, on_mount: {HiveWatchWeb.Auth, :keeper} do
      live "/hives", HivesLive
      live "/hives/:id", HiveLive
    end

    get "/me/data", MeController, :export
    put "/me/consents/:purpose", MeController, :consent
    delete "/me", MeController, :delete
    delete "/leave", SessionController, :delete
  end

  scope "/support", HiveWatchWeb do
    pipe_through [:browser, :require_keeper]
    get "/keepers", SupportController, :index
    post "/keepers/:id/unlock", SupportController, :unlock
  end
end
