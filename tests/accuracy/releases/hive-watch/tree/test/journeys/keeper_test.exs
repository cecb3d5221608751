defmodule HiveWatch.Journeys.KeeperTest do
  use ExUnit.Case
  use Wallaby.Feature
  import Wallaby.Query

  @moduletag :journey

  feature "enters, sees a hive live", %{session: session} do
    session
    |> visit("/enter")
    |> fill_in(text_field("E-mail"), with: "journey@hivewatch.example")
    |> fill_in(text_field("Password"), with: System.fetch_env!("JOURNEY_WORD"))
    |> click(button("Enter"))
    |> click(link("Test hive"))
    |> assert_has(css("#chart svg"))
  end

  feature "adds and removes a hive", %{session: session} do
    session
    |> visit("/hives")
    |> fill_in(text_field("Name"), with: "Journey #{System.unique_integer()}")
    |> click(button("Add"))
    |> click(button("Remove", count: :any, at: 0))
    |> assert_has(css("h1", text: "Hives"))
  end
end
