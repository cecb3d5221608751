defmodule HiveWatch.HivesTest do
  use HiveWatch.DataCase, async: true
  use Oban.Testing, repo: HiveWatch.Repo
  alias HiveWatch.Hives

  for {grams, celsius, ok} <- [{40_000, 35, true}, {0, 35, false}, {200_000, 35, false}, {1, 80, false}, {"x", 1, false}] do
    test "a reading of #{grams} g and #{celsius} °C is #{if ok, do: "taken", else: "refused"}" do
      assert match?({:ok, _}, Hives.take(sensor_fixture(), %{"grams" => unquote(grams), "celsius" => unquote(celsius)})) == unquote(ok)
    end
  end

  test "a swarm is told once" do
    sensor = sensor_fixture(weighed: 40_000)
    for _ <- 1..2, do: Hives.take(sensor, %{"grams" => 38_000, "celsius" => 30})
    assert [%{args: %{"kind" => "swarm"}}] = all_enqueued(worker: HiveWatch.Workers.Alarm)
  end

  test "another's hive is not found" do
    hive = hive_fixture()
    assert_raise Ecto.NoResultsError, fn -> Hives.get!(keeper_fixture(), hive.id) end
  end
end
