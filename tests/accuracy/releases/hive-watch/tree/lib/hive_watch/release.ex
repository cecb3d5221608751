defmodule HiveWatch.Release do
  @moduledoc "Run by Fly's release command, in a machine of its own, before any machine of the new version starts."

  def migrate do
    Application.load(:hive_watch)

    {:ok, _, _} =
      Ecto.Migrator.with_repo(HiveWatch.Repo, fn repo ->
        for {:up, version, name} <- Enum.map(Ecto.Migrator.migrations(repo), & &1) |> Enum.filter(&match?({:down, _, _}, &1)) |> Enum.map(fn {_, v, n} -> {:up, v, n} end) do
          {took, _} = :timer.tc(fn -> Ecto.Migrator.run(repo, :up, to: version, migration_lock: :pg_advisory_lock) end)
          IO.puts(~s({"migration":"#{name}","version":#{version},"ms":#{div(took, 1000)}}))
        end
      end)
  end

  def rollback(version) do
    Application.load(:hive_watch)
    {:ok, _, _} = Ecto.Migrator.with_repo(HiveWatch.Repo, &Ecto.Migrator.run(&1, :down, to: version))
  end
end
