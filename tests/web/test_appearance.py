"""How pages look in one browser."""

import importlib.resources
import re

import pytest

from tests.web.site import Browser, Site, form_of, get

PAGE = "/_admin/my_account/appearance"


@pytest.fixture
def ada(site: Site) -> Browser:
    site.user("ada")
    return site.browser("ada")


def test_choices_are_kept_by_the_browser_and_seen_on_every_page(site: Site, ada: Browser) -> None:
    form = form_of(get(ada, PAGE))
    assert {name: form[name].value for name in ("theme", "palette", "layout", "shortcuts")} == {
        "theme": "auto", "palette": "green-red", "layout": "unified", "shortcuts": "on",
    }  # fmt: skip
    form["theme"], form["palette"], form["layout"], form["shortcuts"] = "dark", "blue-orange", "split", "off"
    saved = form.submit().follow()
    assert "saved in this browser" in saved.text
    root = get(ada, "/").html.html
    assert (root["data-bs-theme"], root["data-diff-palette"], root["data-shortcuts"]) == ("dark", "blue-orange", "off")
    assert form_of(saved)["layout"].value == "split"
    other = get(site.browser("ada"), "/").html.html
    assert other["data-bs-theme"] == "auto"


def test_what_cannot_be_chosen_is_refused(site: Site, ada: Browser) -> None:
    answer = site.post(ada, PAGE, {"theme": "pink"})
    assert answer.status_int == 400
    assert "choose one of auto, light, dark" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_kept_value_that_is_none_of_ours_counts_as_none(ada: Browser) -> None:
    ada.set_cookie("kallithea-theme", "pink")
    assert get(ada, PAGE).html.html["data-bs-theme"] == "auto"


def test_the_list_of_shortcuts_has_them_all(site: Site) -> None:
    listed = {key.text for key in get(site.browser(), "/").html.select("#keys kbd")}
    script = (importlib.resources.files("kallithea") / "front_end/js/keys.js").read_text(encoding="utf-8")
    actions = script.partition("const ACTIONS = {")[2].partition("};")[0]
    assert set(re.findall(r'^  "?([^" ])"?: ', actions, re.MULTILINE)) == listed - {"Esc"}
