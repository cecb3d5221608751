defmodule HiveWatch.Repo.Migrations.Audit do
  @moduledoc "What: audit, insert only. Why: support sees others' data. Effect: new table."
  use Ecto.Migration

  def change do
    create table(:audit) do
      add :at, :utc_datetime, null: false
      add :who, :bigint
      add :what, :string, null: false
      add :on, :string, null: false
      add :ip, :string, null: false
      add :request_id, :string
    end

    create index(:audit, [:at])
    execute("revoke update, delete, truncate on audit from hive_app", "grant update, delete, truncate on audit to hive_app")
  end
end
