import Config

config :hive_watch, ecto_repos: [HiveWatch.Repo]
config :hive_watch, HiveWatchWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  render_errors: [formats: [html: HiveWatchWeb.ErrorHTML, json: HiveWatchWeb.ErrorJSON], layout: false],
  pubsub_server: HiveWatch.PubSub

config :hive_watch, Oban,
  repo: HiveWatch.Repo,
  queues: [messages: 20, care: 2],
  plugins: [
    {Oban.Plugins.Pruner, max_age: 7 * 24 * 3600},
    Oban.Plugins.Lifeline,
    {Oban.Plugins.Cron, crontab: [
      {"0 3 * * *", HiveWatch.Workers.Forget},
      {"10 3 * * *", HiveWatch.Workers.Partitions},
      {"0 5 * * 1", HiveWatch.Workers.CheckData}
    ]}
  ]

config :fun_with_flags, :cache, enabled: true, ttl: 60
config :fun_with_flags, :persistence, adapter: FunWithFlags.Store.Persistent.Ecto, repo: HiveWatch.Repo

config :phoenix, :filter_parameters, {:discard, ["password", "token", "secret", "email", "phone", "otp", "lat", "lon"]}

config :esbuild, hive_watch: [args: ~w(js/app.js --bundle --target=es2022 --outdir=../priv/static/assets), cd: Path.expand("../assets", __DIR__)]
config :opentelemetry, traces_exporter: :otlp, sampler: {:parent_based, %{root: {:trace_id_ratio_based, 0.1}}}
config :opentelemetry, text_map_propagators: [:trace_context, :baggage]

import_config "#{config_env()}.exs"
