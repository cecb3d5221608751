require "minitest/autorun"
require "capybara/minitest"
require "selenium-webdriver"

# Against a deployed address: look, sign in, put up, take down.
class JourneysTest < Minitest::Test
  include Capybara::DSL
  include Capybara::Minitest::Assertions

  def setup
    Capybara.run_server = false
    Capybara.app_host = ENV.fetch("BASE")
    Capybara.current_driver = :selenium_chrome_headless
  end

  def test_look
    visit "/"
    assert_selector "article", minimum: 1
  end

  def test_sign_in_put_up_and_take_down
    visit "/session/new"
    fill_in "email_address", with: "journey@yarnswap.example"
    fill_in "password", with: ENV.fetch("JOURNEY_WORD")
    click_on "Sign in"
    visit "/listings/new"
    fill_in "Title", with: "Journey yarn"
    click_on "Put up"
    assert_text "Journey yarn"
    click_on "Take down"
    assert_no_text "Journey yarn"
  end
end
