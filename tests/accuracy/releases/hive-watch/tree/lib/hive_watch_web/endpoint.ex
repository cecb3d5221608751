defmodule HiveWatchWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :hive_watch

  @session [store: :cookie, key: "_hive", signing_salt: "hive-signing", encryption_salt: "hive-sealing", http_only: true, secure: Mix.env() == :prod, same_site: "Lax", max_age: 14 * 24 * 3600]

  socket "/live-socket", Phoenix.LiveView.Socket, websocket: [connect_info: [session: @session], compress: true]
  plug Plug.Static, at: "/", from: :hive_watch, gzip: true, brotli: true, only: ~w(assets fonts images favicon.ico), cache_control_for_vsn_requests: "public, max-age=31536000, immutable", cache_control_for_etags: "public, max-age=60"
  plug PromEx.Plug, prom_ex_module: HiveWatch.PromEx, path: "/metrics"
  plug Plug.RequestId
  plug Plug.Telemetry, event_prefix: [:phoenix, :endpoint]
  plug Plug.Parsers, parsers: [:urlencoded, :multipart, :json], pass: ["*/*"], json_decoder: JSON, length: 200_000
  plug Plug.MethodOverride
  plug Plug.Head
  plug Plug.Session, @session
  plug HiveWatchWeb.Router
end
