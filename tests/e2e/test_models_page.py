"""The models page in a real browser: an administrator changes the model, nobody else may, and charts are saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steel_ui.testing import ToyService, refusal
from steel_ui.testing_models import VERSIONS

pytestmark = pytest.mark.e2e
ADMIN = {"name": "ana", "role": "admin", "means": "key", "plants": ["toy"]}


def choose(page: Page) -> None:
    """Choose the version that was rolled back, as one with a keyboard would."""
    select = page.get_by_label("Put another version in its place")
    expect(select).to_be_enabled()
    select.select_option(label=f"XGBoost {VERSIONS['xgboost']} · rolled back")


def test_a_change_is_confirmed_with_a_reason_and_its_result_is_told(up: Any, toy: ToyService, page: Page) -> None:
    toy.answers["/whoami"] = ADMIN
    page.goto(f"{up.url}?page=models")
    expect(page.locator("main")).to_contain_text("Versions that may serve")

    choose(page)
    page.get_by_role("button", name="Serve it…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody rolled this version back before.")
    confirm = dialog.get_by_role("button", name="Serve this version")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("Why? It stands in the history").press_sequentially("calmer nights")
    expect(confirm).to_be_enabled()
    confirm.click()

    expect(page.locator("main")).to_contain_text("answers from now on. The history says that ana did it.")
    expect(dialog).to_be_hidden()
    asked = dict(toy.queries)["/admin/promote"]
    assert asked == {"version": VERSIONS["xgboost"], "because": "calmer nights", "expected": VERSIONS["lightgbm"]}


def test_a_change_that_is_called_off_asks_nothing(up: Any, toy: ToyService, page: Page) -> None:
    toy.answers["/whoami"] = ADMIN
    page.goto(f"{up.url}?page=models")

    choose(page)
    page.get_by_role("button", name="Serve it…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()

    expect(dialog).to_be_hidden()
    assert "/admin/promote" not in toy.asked


def test_an_operator_sees_the_versions_and_may_not_change_them(up: Any, toy: ToyService, page: Page) -> None:
    toy.refusals["/admin/promote"] = (403, refusal("no", "no"))
    page.goto(f"{up.url}?page=models")

    expect(page.locator("main")).to_contain_text("Versions that may serve")
    expect(page.get_by_label("Put another version in its place")).to_be_disabled()
    expect(page.get_by_role("button", name="Serve it…")).to_be_disabled()


def test_a_choice_of_grouping_changes_the_chart_and_its_table(up: Any, page: Page, eventually: Any) -> None:
    page.goto(f"{up.url}?page=models")
    select = page.get_by_label("Grouped by")
    expect(select).to_have_value("Hour of the day")

    select.select_option(label="Kind of day")
    expect(page.locator("main")).to_contain_text("When the forecasts err")

    def has_kinds_of_day() -> bool:
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV").nth(2).click()
        return saved.value.path().read_text(encoding="utf-8-sig").splitlines()[1].startswith("weekday,28,")

    eventually(has_kinds_of_day)
