defmodule HiveWatch.Hives do
  @moduledoc "Hives of a keeper, their readings and what they mean."
  import Ecto.Query
  require OpenTelemetry.Tracer, as: Tracer
  alias HiveWatch.{Audit, Repo, Replica}
  alias HiveWatch.Hives.{Hive, Reading}

  def list(keeper) do
    Repo.all(from h in Hive, where: h.keeper_id == ^keeper.id, order_by: h.name, preload: [:sensor])
  end

  def get!(keeper, id), do: Repo.get_by!(Hive, id: id, keeper_id: keeper.id)

  def create(keeper, attrs, meta) do
    Repo.transact(fn ->
      with {:ok, hive} <- %Hive{keeper_id: keeper.id} |> Hive.changeset(attrs) |> Repo.insert() do
        Audit.record!(meta, "hive.create", hive.id)
        {:ok, hive}
      end
    end)
  end

  def delete(keeper, id, meta) do
    hive = get!(keeper, id)
    Repo.transact(fn -> Audit.record!(meta, "hive.delete", id); Repo.delete(hive) end)
  end

  @doc "The last week by hour; charts ask for the same hive many times, so it is kept for a minute."
  def week(hive_id) do
    Cachex.fetch!(:hives, {:week, hive_id}, fn ->
      Replica.all(from r in Reading, where: r.hive_id == ^hive_id and r.at > ago(7, "day"), group_by: selected_as(:hour), order_by: selected_as(:hour),
        select: %{hour: selected_as(fragment("date_trunc('hour', ?)", r.at), :hour), grams: avg(r.grams), celsius: avg(r.celsius)})
    end)
  end

  def take(sensor, attrs) do
    Tracer.with_span "reading.take" do
      changeset = Reading.changeset(%Reading{hive_id: sensor.hive_id, at: DateTime.utc_now(:second)}, attrs)

      with {:ok, reading} <- Repo.insert(changeset) do
        :telemetry.execute([:hive_watch, :reading], %{count: 1}, %{})
        Phoenix.PubSub.broadcast(HiveWatch.PubSub, "hive:#{reading.hive_id}", {:reading, reading})
        alarm(reading)
        {:ok, reading}
      end
    end
  end

  defp alarm(%{grams: grams, hive_id: id}) do
    before = Repo.one(from r in Reading, where: r.hive_id == ^id and r.at < ago(1, "hour"), order_by: [desc: r.at], limit: 1, select: r.grams)

    cond do
      is_nil(before) -> :ok
      before - grams > 1500 -> enqueue(id, "swarm")
      grams < 12_000 -> enqueue(id, "hunger")
      true -> :ok
    end
  end

  defp enqueue(id, kind), do: Oban.insert!(HiveWatch.Workers.Alarm.new(%{hive: id, kind: kind}, unique: [period: 6 * 3600]))
end
