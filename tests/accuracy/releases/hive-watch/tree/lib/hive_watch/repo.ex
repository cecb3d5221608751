defmodule HiveWatch.Repo do
  use Ecto.Repo, otp_app: :hive_watch, adapter: Ecto.Adapters.Postgres
end

defmodule HiveWatch.Replica do
  @moduledoc "What charts read."
  use Ecto.Repo, otp_app: :hive_watch, adapter: Ecto.Adapters.Postgres, read_only: true
end
