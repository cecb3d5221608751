defmodule HiveWatch.Limit do
  use Hammer, backend: :ets
end
