defmodule HiveWatch.Hives.Hive do
  use Ecto.Schema
  import Ecto.Changeset

  schema "hives" do
    field :name, :string
    field :lat, :decimal
    field :lon, :decimal
    belongs_to :keeper, HiveWatch.People.Keeper
    has_one :sensor, HiveWatch.Hives.Sensor
    timestamps()
  end

  def changeset(hive, attrs) do
    hive
    |> cast(attrs, [:name, :lat, :lon])
    |> validate_required([:name])
    |> validate_length(:name, max: 60)
    |> validate_number(:lat, greater_than_or_equal_to: -90, less_than_or_equal_to: 90)
    |> validate_number(:lon, greater_than_or_equal_to: -180, less_than_or_equal_to: 180)
    |> unique_constraint([:keeper_id, :name])
  end
end

defmodule HiveWatch.Hives.Sensor do
  use Ecto.Schema

  schema "sensors" do
    field :serial, :string
    field :key_hash, :binary
    belongs_to :hive, HiveWatch.Hives.Hive
    timestamps()
  end
end

defmodule HiveWatch.Hives.Reading do
  use Ecto.Schema
  import Ecto.Changeset

  @primary_key false
  schema "readings" do
    field :hive_id, :id, primary_key: true
    field :at, :utc_datetime, primary_key: true
    field :grams, :integer
    field :celsius, :decimal
  end

  def changeset(reading, attrs) do
    reading
    |> cast(attrs, [:grams, :celsius])
    |> validate_required([:grams, :celsius])
    |> validate_number(:grams, greater_than: 0, less_than: 200_000)
    |> validate_number(:celsius, greater_than: -40, less_than: 80)
  end
end
