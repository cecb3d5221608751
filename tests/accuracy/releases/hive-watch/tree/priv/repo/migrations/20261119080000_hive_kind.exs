defmodule HiveWatch.Repo.Migrations.HiveKind do
  @moduledoc "What: hives.kind, nullable. Why: Dadant and Zander weigh differently. Effect: instant; version 2.13 ignores it."
  use Ecto.Migration

  def change do
    alter table(:hives), do: add(:kind, :string, size: 20)
  end
end
