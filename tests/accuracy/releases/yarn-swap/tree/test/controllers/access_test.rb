require "test_helper"

class AccessTest < ActionDispatch::IntegrationTest
  test "strangers may look and not write" do
    get listings_path
    assert_response :success
    post listings_path, params: { listing: { title: "x" } }
    assert_redirected_to new_session_path
  end

  test "others' listings cannot be changed" do
    sign_in users(:bea)
    patch listing_path(listings(:anns)), params: { listing: { title: "mine" } }
    assert_response :forbidden
  end

  test "staff needs the second factor" do
    sign_in users(:staff), second_factor: false
    get root_path
    get me_path
    assert_redirected_to second_factor_path
  end

  test "eight failures lock" do
    8.times { post session_path, params: { email_address: users(:ann).email_address, password: "no" } }
    assert users(:ann).reload.locked?
  end

  test "a reset link dies after twenty minutes" do
    token = users(:ann).password_reset_token
    travel 21.minutes
    get edit_password_path(token)
    assert_redirected_to new_password_path
  end

  test "swapping can be switched off" do
    Flipper.disable(:swapping)
    sign_in users(:ann)
    post accept_offer_path(offers(:one))
    assert_response :service_unavailable
  end

  test "the list asks a bounded number of queries" do
    assert_queries_count(4) { get listings_path }
  end
end
