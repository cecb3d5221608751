defmodule HiveWatchWeb.HiveLive do
  use HiveWatchWeb, :live_view
  alias HiveWatch.Hives

  def mount(%{"id" => id}, _session, socket) do
    hive = Hives.get!(socket.assigns.keeper, id)
    if connected?(socket), do: Phoenix.PubSub.subscribe(HiveWatch.PubSub, "hive:#{hive.id}")
    {:ok, assign(socket, hive: hive, week: Hives.week(hive.id), forecast?: FunWithFlags.enabled?(:forecast, for: socket.assigns.keeper), last: nil)}
  end

  def handle_info({:reading, reading}, socket), do: {:noreply, assign(socket, last: reading)}

  def render(assigns) do
    ~H"""
    <h1>{@hive.name}</h1>
    <p :if={@last}>{@last.grams} g, {@last.celsius} °C</p>
    <div id="chart" phx-hook="Chart" data-points={JSON.encode!(@week)}></div>
    <p :if={@forecast?}>Honey next week: soon.</p>
    """
  end
end
