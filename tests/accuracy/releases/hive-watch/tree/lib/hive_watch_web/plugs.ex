defmodule HiveWatchWeb.RateLimit do
  @behaviour Plug
  import Plug.Conn

  @impl true
  def init(opts), do: Map.new(opts)

  @impl true
  def call(conn, %{scale: scale, limit: limit, by: by}) do
    key = if by == :ip, do: {conn.request_path, conn.remote_ip}, else: {by, conn.assigns[by].id}

    case HiveWatch.Limit.hit(inspect(key), scale, limit) do
      {:allow, _} -> conn
      {:deny, ms} -> conn |> put_resp_header("retry-after", "#{div(ms, 1000) + 1}") |> send_resp(429, "") |> halt()
    end
  end
end

defmodule HiveWatchWeb.DeviceAuth do
  @moduledoc "A sensor shows its serial and its key; the key is kept as a hash."
  @behaviour Plug
  import Plug.Conn
  alias HiveWatch.Hives.Sensor
  alias HiveWatch.Repo

  @impl true
  def init(opts), do: opts

  @impl true
  def call(conn, _opts) do
    with [serial] <- get_req_header(conn, "x-serial"),
         ["Bearer " <> key] <- get_req_header(conn, "authorization"),
         %Sensor{} = sensor <- Repo.get_by(Sensor, serial: serial),
         true <- Plug.Crypto.secure_compare(:crypto.hash(:sha256, key), sensor.key_hash) do
      assign(conn, :sensor, sensor)
    else
      _ -> conn |> send_resp(401, "") |> halt()
    end
  end
end
