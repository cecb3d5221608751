defmodule HiveWatch.MixProject do
  use Mix.Project

  def project do
    [
      app: :hive_watch,
      version: "2.14.0",
      elixir: "~> 1.19",
      elixirc_options: [warnings_as_errors: true],
      start_permanent: Mix.env() == :prod,
      aliases: aliases(),
      deps: deps(),
      releases: [hive_watch: [include_executables_for: [:unix]]]
    ]
  end

  def application, do: [mod: {HiveWatch.Application, []}, extra_applications: [:logger, :runtime_tools]]

  defp deps do
    [
      {:phoenix, "~> 1.8"},
      {:phoenix_live_view, "~> 1.1"},
      {:phoenix_ecto, "~> 4.6"},
      {:ecto_sql, "~> 3.13"},
      {:postgrex, ">= 0.0.0"},
      {:bandit, "~> 1.8"},
      {:oban, "~> 2.20"},
      {:req, "~> 0.5"},
      {:fuse, "~> 2.5"},
      {:hammer, "~> 7.1"},
      {:fun_with_flags, "~> 1.13"},
      {:bcrypt_elixir, "~> 3.3"},
      {:nimble_totp, "~> 1.0"},
      {:cachex, "~> 4.1"},
      {:logger_json, "~> 7.0"},
      {:prom_ex, "~> 1.11"},
      {:opentelemetry, "~> 1.7"},
      {:opentelemetry_exporter, "~> 1.10"},
      {:opentelemetry_phoenix, "~> 2.0"},
      {:opentelemetry_bandit, "~> 0.3"},
      {:opentelemetry_ecto, "~> 1.2"},
      {:opentelemetry_oban, "~> 1.1"},
      {:libcluster, "~> 3.5"},
      {:esbuild, "~> 0.10", runtime: Mix.env() == :dev},
      {:tailwind, "~> 0.4", runtime: Mix.env() == :dev},
      {:excellent_migrations, "~> 0.1", only: [:dev, :test], runtime: false},
      {:sobelow, "~> 0.14", only: [:dev, :test], runtime: false},
      {:mix_audit, "~> 2.1", only: [:dev, :test], runtime: false},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:dialyxir, "~> 1.4", only: [:dev, :test], runtime: false},
      {:wallaby, "~> 0.30", only: :test, runtime: false}
    ]
  end

  defp aliases do
    [
      setup: ["deps.get", "ecto.setup", "assets.setup"],
      "ecto.setup": ["ecto.create", "ecto.migrate", "run priv/repo/seeds.exs"],
      "assets.deploy": ["tailwind hive_watch --minify", "esbuild hive_watch --minify --splitting --format=esm", "phx.digest"],
      precommit: ["format --check-formatted", "credo --strict", "excellent_migrations.check_safety", "sobelow --exit high", "deps.audit", "dialyzer", "test"]
    ]
  end
end
