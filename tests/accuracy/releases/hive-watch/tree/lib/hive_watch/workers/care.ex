defmodule HiveWatch.Workers.Forget do
  use Oban.Worker, queue: :care
  import Ecto.Query
  alias HiveWatch.People.Keeper
  alias HiveWatch.Repo

  @impl true
  def perform(_job) do
    {n, _} = Repo.delete_all(from k in Keeper, where: k.left_at < ago(30, "day"))
    require Logger
    Logger.info("keepers forgotten", count: n)
  end
end

defmodule HiveWatch.Workers.Partitions do
  @moduledoc "Makes next month's partition and drops those older than 25 months."
  use Oban.Worker, queue: :care
  alias HiveWatch.Repo

  @impl true
  def perform(_job) do
    Repo.query!("select readings_make_partition((now() + interval '1 month')::date)")
    Repo.query!("select readings_drop_before((now() - interval '25 months')::date)")
    :ok
  end
end

defmodule HiveWatch.Workers.CheckData do
  use Oban.Worker, queue: :care
  alias HiveWatch.Repo
  require Logger

  @queries %{
    "hives without keeper" => "select count(*) from hives h where not exists (select 1 from keepers k where k.id = h.keeper_id)",
    "readings from the future" => "select count(*) from readings where at > now() + interval '1 hour'",
    "sensors on two hives" => "select count(*) from (select serial from sensors group by 1 having count(*) > 1) x"
  }

  @impl true
  def perform(_job) do
    for {name, sql} <- @queries do
      %{rows: [[n]]} = Repo.query!(sql)
      if n > 0, do: Logger.error("data check failed", check: name, rows: n), else: Logger.info("data check", check: name, rows: 0)
    end

    :ok
  end
end
