defmodule HiveWatchWeb.HealthController do
  use HiveWatchWeb, :controller

  def live(conn, _), do: text(conn, "ok")

  def ready(conn, _) do
    case HiveWatch.Repo.query("select 1", [], timeout: 1_000) do
      {:ok, _} -> text(conn, "ok")
      {:error, _} -> conn |> put_status(503) |> text("database")
    end
  end
end

defmodule HiveWatchWeb.ReadingController do
  use HiveWatchWeb, :controller

  def create(conn, params) do
    case HiveWatch.Hives.take(conn.assigns.sensor, params) do
      {:ok, _} -> send_resp(conn, 204, "")
      {:error, changeset} -> conn |> put_status(422) |> json(%{wrong: Ecto.Changeset.traverse_errors(changeset, &elem(&1, 0))})
    end
  end
end

defmodule HiveWatchWeb.SupportController do
  use HiveWatchWeb, :controller
  import Ecto.Query
  alias HiveWatch.{Audit, Repo}
  alias HiveWatch.People.Keeper

  def index(conn, %{"q" => q}) do
    render(conn, :index, keepers: Repo.all(from k in Keeper, where: ilike(k.email, ^"#{q}%"), limit: 20))
  end

  def unlock(conn, %{"id" => id}) do
    Repo.get!(Keeper, id) |> Ecto.Changeset.change(failures: 0, locked_until: nil) |> Repo.update!()
    Audit.record!(HiveWatchWeb.Auth.meta(conn), "support.unlock", id)
    redirect(conn, to: "/support/keepers")
  end
end

defmodule HiveWatchWeb.MeController do
  use HiveWatchWeb, :controller
  import HiveWatchWeb.Auth, only: [meta: 1]
  alias HiveWatch.People

  def export(conn, _), do: send_download(conn, {:binary, JSON.encode!(People.export(conn.assigns.keeper, meta(conn)))}, filename: "hives.json")

  def consent(conn, %{"purpose" => p, "given" => g}) when p in ~w(newsletter research) and g in ~w(true false) do
    People.consent!(conn.assigns.keeper, p, g == "true", meta(conn))
    redirect(conn, to: "/hives")
  end

  def delete(conn, _) do
    People.leave!(conn.assigns.keeper, meta(conn))
    conn |> clear_session() |> redirect(to: "/")
  end
end
