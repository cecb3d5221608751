"""Run against a deployed address: the three journeys that matter to tenants."""

import os

from playwright.sync_api import Page, expect

USER, WORD = os.environ.get("E2E_USER", "e2e"), os.environ.get("E2E_WORD", "")


def sign_in(page: Page):
    page.goto("/sign-in/")
    page.fill("[name=username]", USER)
    page.fill("[name=password]", WORD)
    page.click("button[type=submit]")


def test_look_at_gardens(page: Page):
    page.goto("/")
    page.get_by_role("link", name="Test garden").click()
    expect(page.get_by_role("heading", name="Test garden")).to_be_visible()


def test_sign_in_and_see_my_leases(page: Page):
    sign_in(page)
    page.goto("/me/")
    expect(page.get_by_text("Plot 1")).to_be_visible()


def test_join_the_waiting_list(page: Page):
    sign_in(page)
    page.goto("/gardens/1/")
    page.get_by_role("button", name="Put me on the list").click()
    expect(page.get_by_text("You wait since")).to_be_visible()
