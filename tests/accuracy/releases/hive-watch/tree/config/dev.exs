import Config
config :hive_watch, HiveWatch.Repo, username: "postgres", hostname: "localhost", database: "hive_dev", pool_size: 5
config :hive_watch, HiveWatchWeb.Endpoint, http: [port: 4000], secret_key_base: String.duplicate("dev", 22), debug_errors: true
