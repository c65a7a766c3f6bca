"""Who may come in, by the settings; what is read from where is tested with the program."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_ui.__main__ import main
from steel_ui.settings import UiSettings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the address under test


@pytest.mark.parametrize(
    ("settings", "demands"),
    [
        ({}, False),
        ({"ui_host": "localhost"}, False),
        ({"ui_host": "::1"}, False),
        ({"ui_api_key": "k"}, False),
        ({"ui_require_login": True}, True),
        ({"ui_host": EVERYWHERE}, True),
        ({"ui_host": "plant.example"}, True),
    ],
    ids=str,
)
def test_login_is_demanded_beyond_this_machine_and_where_it_is_wanted(
    settings: dict[str, object], demands: object
) -> None:
    assert UiSettings.model_validate(settings).demands_login is demands


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STEEL_UI_HOST", EVERYWHERE, "STEEL_UI_HOST=0.0.0.0 lets other machines in"),
        ("STEEL_UI_REQUIRE_LOGIN", "true", "STEEL_UI_REQUIRE_LOGIN asks everybody to sign in"),
    ],
)
def test_one_key_for_whoever_comes_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("STEEL_UI_API_KEY", "steel_secret")
    monkeypatch.setenv(name, value)

    code = main()

    line = capsys.readouterr().err
    assert code == 2
    assert line.startswith(f"error: {said}, ")
    assert "unset STEEL_UI_API_KEY" in line
    assert (line.count("\n"), "steel_secret" in line) == (1, False)


@pytest.mark.parametrize("wrong", [{"ui_login_rate": "often"}, {"ui_login_hours": 0}, {"ui_cookie_secret": "short"}])
def test_a_wrong_setting_of_the_login_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        UiSettings.model_validate(wrong)


def test_a_folder_that_takes_no_secret_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("ui") / "file"
    file.touch()
    monkeypatch.setenv("STEEL_DATA_DIR", str(file / "data"))
    monkeypatch.delenv("STEEL_UI_API_KEY", raising=False)

    code = main()

    line = capsys.readouterr().err
    assert code == 2
    assert line.startswith("error: cannot keep the secret of cookies in ")
    assert "set STEEL_UI_COOKIE_SECRET" in line
