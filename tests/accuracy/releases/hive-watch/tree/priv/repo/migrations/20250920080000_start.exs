defmodule HiveWatch.Repo.Migrations.Start do
  @moduledoc "What: keepers, hives, sensors, readings by month. Why: first version. Effect: empty database."
  use Ecto.Migration

  def change do
    create table(:keepers) do
      add :email, :string, null: false
      add :phone, :string
      add :password_hash, :string, null: false
      add :otp_secret, :binary
      add :role, :string, null: false, default: "keeper"
      add :failures, :integer, null: false, default: 0
      add :locked_until, :utc_datetime
      add :left_at, :utc_datetime
      timestamps()
    end

    create unique_index(:keepers, [:email])
    create constraint(:keepers, :role_known, check: "role in ('keeper', 'support')")

    create table(:hives) do
      add :keeper_id, references(:keepers, on_delete: :delete_all), null: false
      add :name, :string, null: false, size: 60
      add :lat, :decimal
      add :lon, :decimal
      timestamps()
    end

    create unique_index(:hives, [:keeper_id, :name])
    create constraint(:hives, :on_earth, check: "lat between -90 and 90 and lon between -180 and 180")

    create table(:sensors) do
      add :serial, :string, null: false
      add :key_hash, :binary, null: false
      add :hive_id, references(:hives, on_delete: :delete_all), null: false
      timestamps()
    end

    create unique_index(:sensors, [:serial])
    create index(:sensors, [:hive_id])

    create table(:consents) do
      add :keeper_id, references(:keepers, on_delete: :delete_all), null: false
      add :purpose, :string, null: false, size: 20
      add :given, :boolean, null: false
      timestamps(updated_at: false)
    end

    create index(:consents, [:keeper_id])

    execute(
      """
      create table readings (
        hive_id bigint not null references hives on delete cascade,
        at timestamptz not null,
        grams integer not null check (grams between 1 and 200000),
        celsius numeric(4, 1) not null check (celsius between -40 and 80),
        primary key (hive_id, at)
      ) partition by range (at)
      """,
      "drop table readings"
    )

    execute(File.read!("priv/repo/partitions.sql"), "drop function readings_make_partition; drop function readings_drop_before")
    execute("select readings_make_partition(now()::date)", "")
  end
end
