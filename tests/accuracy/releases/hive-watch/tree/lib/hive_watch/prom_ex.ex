defmodule HiveWatch.PromEx do
  use PromEx, otp_app: :hive_watch

  @impl true
  def plugins, do: [PromEx.Plugins.Application, PromEx.Plugins.Beam, {PromEx.Plugins.Phoenix, router: HiveWatchWeb.Router, endpoint: HiveWatchWeb.Endpoint}, {PromEx.Plugins.Ecto, repos: [HiveWatch.Repo, HiveWatch.Replica]}, PromEx.Plugins.Oban, HiveWatch.Metrics]

  @impl true
  def dashboard_assigns, do: [datasource_id: "fly"]

  @impl true
  def dashboards, do: [{:prom_ex, "phoenix.json"}, {:prom_ex, "ecto.json"}, {:prom_ex, "beam.json"}, {:prom_ex, "oban.json"}, {:hive_watch, "/grafana/hives.json"}]
end

defmodule HiveWatch.Metrics do
  use PromEx.Plugin
  import Telemetry.Metrics

  @impl true
  def event_metrics(_opts) do
    Event.build(:hive_watch_metrics, [
      counter("hive_watch.readings.taken.total", event_name: [:hive_watch, :reading], description: "Readings"),
      counter("hive_watch.alarms.sent.total", event_name: [:hive_watch, :alarm], tags: [:kind]),
      counter("hive_watch.signups.total", event_name: [:hive_watch, :signup]),
      distribution("hive_watch.sms.milliseconds", event_name: [:hive_watch, :sms], measurement: :ms, reporter_options: [buckets: [100, 300, 1000, 3000]])
    ])
  end
end
