require "application_system_test_case"

class SwapTest < ApplicationSystemTestCase
  test "offer and accept" do
    sign_in_as users(:bea)
    visit listing_path(listings(:anns))
    fill_in "Message", with: "Two skeins of silk?"
    click_on "Offer a swap"
    assert_text "Sent."
  end
end
