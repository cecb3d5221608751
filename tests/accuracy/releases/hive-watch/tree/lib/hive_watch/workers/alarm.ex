defmodule HiveWatch.Workers.Alarm do
  @moduledoc "Tells a keeper by text message. Discarded jobs stay in oban_jobs for a week and ring (ops/alerts.yml)."
  use Oban.Worker, queue: :messages, max_attempts: 8
  alias HiveWatch.{Repo, Sms}
  alias HiveWatch.Hives.Hive

  @impl true
  def perform(%Oban.Job{args: %{"hive" => id, "kind" => kind}}) do
    hive = Repo.get!(Hive, id) |> Repo.preload(:keeper)

    with :ok <- Sms.send(hive.keeper.phone, text(kind, hive)) do
      :telemetry.execute([:hive_watch, :alarm], %{count: 1}, %{kind: kind})
    end
  end

  @impl true
  def backoff(%{attempt: n}), do: Integer.pow(2, n) * 5 + :rand.uniform(10)

  @impl true
  def timeout(_), do: :timer.seconds(30)

  defp text("swarm", hive), do: "#{hive.name} lost weight quickly: a swarm?"
  defp text("hunger", hive), do: "#{hive.name} is light: feed them."
end
