defmodule HiveWatch.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    OpentelemetryBandit.setup()
    OpentelemetryPhoenix.setup(adapter: :bandit)
    OpentelemetryEcto.setup([:hive_watch, :repo])
    OpentelemetryOban.setup()

    children = [
      HiveWatch.PromEx,
      HiveWatch.Repo,
      HiveWatch.Replica,
      {Cluster.Supervisor, [Application.get_env(:libcluster, :topologies, [])]},
      {Phoenix.PubSub, name: HiveWatch.PubSub},
      {Cachex, name: :hives, options: [expiration: [default: :timer.seconds(60)], stats: true]},
      HiveWatch.Limit,
      {Oban, Application.fetch_env!(:hive_watch, Oban)},
      HiveWatchWeb.Endpoint
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: HiveWatch.Supervisor)
  end
end
