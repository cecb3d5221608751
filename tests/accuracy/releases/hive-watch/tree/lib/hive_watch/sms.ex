defmodule HiveWatch.Sms do
  @moduledoc "The message house. 2 s to connect, 6 s to answer; a fuse melts after five failures in ten seconds and resets after thirty."
  @fuse :sms

  def send(phone, text) do
    if :fuse.ask(@fuse, :sync) == {:error, :not_found}, do: :fuse.install(@fuse, {{:standard, 5, 10_000}, {:reset, 30_000}})

    case :fuse.ask(@fuse, :sync) do
      :ok -> post(phone, text)
      :blown -> {:error, :blown}
    end
  end

  defp post(phone, text) do
    config = Application.fetch_env!(:hive_watch, :sms)
    started = System.monotonic_time(:millisecond)

    result =
      Req.post(config[:url] <> "/messages", json: %{to: phone, text: text}, auth: {:bearer, config[:key]}, connect_options: [timeout: 2_000], receive_timeout: 6_000, retry: :transient, max_retries: 2, retry_delay: &(300 * Integer.pow(3, &1)))

    :telemetry.execute([:hive_watch, :sms], %{ms: System.monotonic_time(:millisecond) - started}, %{})

    case result do
      {:ok, %{status: s}} when s in 200..299 -> :ok
      other -> :fuse.melt(@fuse) && {:error, elem(other, 0)}
    end
  end
end
