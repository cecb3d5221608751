defmodule HiveWatch.People do
  @moduledoc "Keepers, their sessions, consents, export and leaving."
  import Ecto.Query
  alias HiveWatch.{Audit, Repo}
  alias HiveWatch.People.{Consent, Keeper, Token}

  def register(attrs) do
    with {:ok, keeper} <- %Keeper{} |> Keeper.registration(attrs) |> Repo.insert() do
      :telemetry.execute([:hive_watch, :signup], %{count: 1}, %{})
      {:ok, keeper}
    end
  end

  def authenticate(email, password) do
    keeper = Repo.get_by(Keeper, email: String.downcase(email))

    cond do
      keeper && Keeper.locked?(keeper) -> {:error, :locked}
      keeper && Bcrypt.verify_pass(password, keeper.password_hash) -> {:ok, keeper |> Ecto.Changeset.change(failures: 0) |> Repo.update!()}
      keeper -> {:error, keeper |> Keeper.failed() |> Repo.update!() |> then(fn _ -> :wrong end)}
      true -> Bcrypt.no_user_verify() && {:error, :wrong}
    end
  end

  def reset_token(keeper), do: Token.build(keeper, "reset")

  @doc "A reset link works once and for twenty minutes."
  def reset(token, attrs) do
    with {:ok, keeper} <- Token.take(token, "reset", minutes: 20),
         {:ok, keeper} <- keeper |> Keeper.password(attrs) |> Repo.update() do
      Repo.delete_all(from t in Token, where: t.keeper_id == ^keeper.id)
      {:ok, keeper}
    end
  end

  def consent!(keeper, purpose, given, meta) do
    Audit.record!(meta, "consent.#{if given, do: "give", else: "withdraw"}", purpose)
    Repo.insert!(%Consent{keeper_id: keeper.id, purpose: purpose, given: given})
  end

  def export(keeper, meta) do
    Audit.record!(meta, "me.export", keeper.id)
    keeper = Repo.preload(keeper, [:consents, hives: :sensor])
    %{email: keeper.email, phone: keeper.phone, consents: Enum.map(keeper.consents, &Map.take(&1, [:purpose, :given, :inserted_at])), hives: Enum.map(keeper.hives, &Map.take(&1, [:name, :lat, :lon]))}
  end

  def leave!(keeper, meta) do
    Audit.record!(meta, "me.leave", keeper.id)
    Repo.delete_all(from t in Token, where: t.keeper_id == ^keeper.id)
    keeper |> Ecto.Changeset.change(left_at: DateTime.utc_now(:second)) |> Repo.update!()
  end
end
