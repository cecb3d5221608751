defmodule HiveWatch.Audit do
  @moduledoc "Insert only: the application's role may neither change nor delete (20260210)."
  alias HiveWatch.Repo

  def record!(%{keeper_id: who, ip: ip, request_id: id}, what, on) do
    Repo.insert_all("audit", [[who: who, what: what, on: to_string(on), ip: ip, request_id: id, at: DateTime.utc_now(:second)]])
  end
end
