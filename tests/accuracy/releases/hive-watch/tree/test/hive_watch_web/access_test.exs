defmodule HiveWatchWeb.AccessTest do
  use HiveWatchWeb.ConnCase, async: true

  test "a sensor without its key is refused", %{conn: conn} do
    assert conn |> post("/api/v1/readings", %{}) |> response(401)
  end

  for path <- ["/hives", "/me/data"] do
    test "#{path} asks who is there", %{conn: conn} do
      assert conn |> get(unquote(path)) |> redirected_to() == "/enter"
    end
  end

  test "seven failures lock", %{conn: conn} do
    keeper = keeper_fixture()
    for _ <- 1..7, do: post(conn, "/enter", %{email: keeper.email, password: "no"})
    assert {:error, :locked} = HiveWatch.People.authenticate(keeper.email, "Correct horse 9")
  end

  test "weak passwords are refused" do
    for p <- ["short", "passwordpassword"], do: assert({:error, _} = HiveWatch.People.register(%{email: "a@b.example", password: p}))
  end

  test "a reset link dies after twenty minutes and after use" do
    keeper = keeper_fixture()
    token = HiveWatch.People.reset_token(keeper)
    assert {:ok, _} = HiveWatch.People.reset(token, %{password: "Another horse 9"})
    assert {:error, _} = HiveWatch.People.reset(token, %{password: "Another horse 9"})
  end
end
