import Config
config :hive_watch, HiveWatch.Repo, username: "postgres", hostname: "localhost", database: "hive_test", pool: Ecto.Adapters.SQL.Sandbox
config :hive_watch, HiveWatchWeb.Endpoint, http: [port: 4002], secret_key_base: String.duplicate("test", 17), server: true
config :hive_watch, Oban, testing: :manual
config :hive_watch, :sms, url: "http://localhost:4999", key: "none"
