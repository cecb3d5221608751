import Config

if config_env() == :prod do
  config :hive_watch, HiveWatch.Repo,
    url: System.fetch_env!("DATABASE_URL"),
    ssl: [verify: :verify_peer, cacertfile: "/etc/ssl/certs/ca-certificates.crt"],
    socket_options: [:inet6],
    pool_size: 10,
    queue_target: 200,
    timeout: 5_000,
    connect_timeout: 3_000,
    parameters: [statement_timeout: "5000", lock_timeout: "2000"]

  config :hive_watch, HiveWatch.Replica,
    url: System.fetch_env!("REPLICA_URL"),
    ssl: true,
    socket_options: [:inet6],
    pool_size: 10

  config :hive_watch, HiveWatchWeb.Endpoint,
    url: [host: System.fetch_env!("PHX_HOST"), port: 443, scheme: "https"],
    http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: 8080, http_options: [compress: true], thousand_island_options: [shutdown_timeout: 25_000]],
    force_ssl: [hsts: true, expires: 31_536_000, subdomains: true, rewrite_on: [:x_forwarded_proto], exclude: ["localhost", "/live", "/ready"]],
    check_origin: ["https://" <> System.fetch_env!("PHX_HOST")],
    cache_static_manifest: "priv/static/cache_manifest.json",
    secret_key_base: System.fetch_env!("SECRET_KEY_BASE"),
    server: true

  config :hive_watch, :sms, url: System.fetch_env!("SMS_URL"), key: System.fetch_env!("SMS_KEY")
  config :logger, level: :info
  config :logger, :default_handler, formatter: LoggerJSON.Formatters.Basic.new(metadata: [:request_id, :user_id, :trace_id, :span_id, :crash_reason], redactors: [LoggerJSON.Redactors.RedactKeys.new(["email", "phone", "token", "password"])])
  config :libcluster, topologies: [fly: [strategy: Cluster.Strategy.DNSPoll, config: [polling_interval: 5_000, query: System.get_env("DNS_CLUSTER_QUERY"), node_basename: "hive_watch"]]]
end
