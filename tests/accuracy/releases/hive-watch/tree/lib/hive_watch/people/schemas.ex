defmodule HiveWatch.People.Keeper do
  use Ecto.Schema
  import Ecto.Changeset

  schema "keepers" do
    field :email, :string
    field :phone, :string, redact: true
    field :password, :string, virtual: true, redact: true
    field :password_hash, :string, redact: true
    field :otp_secret, :binary, redact: true
    field :role, Ecto.Enum, values: [:keeper, :support], default: :keeper
    field :failures, :integer, default: 0
    field :locked_until, :utc_datetime
    field :left_at, :utc_datetime
    has_many :hives, HiveWatch.Hives.Hive
    has_many :consents, HiveWatch.People.Consent
    timestamps()
  end

  def registration(keeper, attrs) do
    keeper
    |> cast(attrs, [:email, :phone])
    |> validate_required([:email])
    |> validate_format(:email, ~r/^[^@\s]+@[^@\s]+$/)
    |> validate_format(:phone, ~r/^\+\d{7,15}$/)
    |> update_change(:email, &String.downcase/1)
    |> unique_constraint(:email)
    |> password(attrs)
  end

  def password(keeper, attrs) do
    keeper
    |> cast(attrs, [:password])
    |> validate_required([:password])
    |> validate_length(:password, min: 12, max: 72)
    |> validate_exclusion(:password, HiveWatch.People.Common.words())
    |> then(fn c -> if c.valid?, do: put_change(c, :password_hash, Bcrypt.hash_pwd_salt(get_change(c, :password))), else: c end)
  end

  def locked?(%{locked_until: nil}), do: false
  def locked?(%{locked_until: until}), do: DateTime.after?(until, DateTime.utc_now())

  def failed(%{failures: n} = keeper), do: change(keeper, failures: n + 1, locked_until: if(n + 1 >= 7, do: DateTime.add(DateTime.utc_now(:second), 30, :minute)))
end

defmodule HiveWatch.People.Consent do
  use Ecto.Schema

  schema "consents" do
    field :purpose, :string
    field :given, :boolean
    belongs_to :keeper, HiveWatch.People.Keeper
    timestamps(updated_at: false)
  end
end
