defmodule HiveWatchWeb.Auth do
  @moduledoc "Who is here. Support needs a code of the second factor in the session."
  import Plug.Conn
  import Phoenix.Controller
  alias HiveWatch.People.{Keeper, Token}

  def fetch_keeper(conn, _opts) do
    keeper = Token.keeper(get_session(conn, :token), "session", days: 14)
    if keeper, do: Logger.metadata(user_id: keeper.id)
    assign(conn, :keeper, keeper)
  end

  def require_keeper(%{assigns: %{keeper: nil}} = conn, _opts), do: conn |> redirect(to: "/enter") |> halt()
  def require_keeper(conn, _opts), do: conn

  def require_support(%{assigns: %{keeper: %Keeper{role: :support}}} = conn, _opts) do
    if get_session(conn, :second_factor), do: conn, else: conn |> redirect(to: "/second") |> halt()
  end

  def require_support(conn, _opts), do: conn |> send_resp(403, "") |> halt()

  def on_mount(:keeper, _params, session, socket) do
    case Token.keeper(session["token"], "session", days: 14) do
      nil -> {:halt, Phoenix.LiveView.redirect(socket, to: "/enter")}
      keeper -> {:cont, Phoenix.Component.assign(socket, :keeper, keeper)}
    end
  end

  def meta(conn), do: %{keeper_id: conn.assigns.keeper.id, ip: conn.remote_ip |> :inet.ntoa() |> to_string(), request_id: List.first(get_resp_header(conn, "x-request-id"))}
end
