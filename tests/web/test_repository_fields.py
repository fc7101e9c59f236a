"""The extra fields of a repository."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.services import repository_fields
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.web.site import Browser, Site, form_of, get

HOSTILE = "<script>alert(1)</script>\"'&"
PAGE = "/r/settings/fields"


@pytest.fixture
def browser(site: Site) -> Browser:
    """Of ada, who administers a repository that visitors may read."""
    site.user("ada")
    site.repository("r", Kind.GIT).commit({b"a": b"1"})
    site.grant("visitors", Level.READ)
    site.grant("ada", Level.ADMIN, "r")
    return site.browser("ada")


def add(browser: Browser, key: str, label: str = "Cost centre", value: str = "4711") -> Answer:
    form = form_of(get(browser, PAGE))
    form["new_field_key"], form["new_field_label"], form["new_field_value"] = key, label, value
    return form.submit(expect_errors=True)


def stored(site: Site) -> list[tuple[str, str, str]]:
    with reading(site.application) as services:
        row = services.repositories.get("r")
        return [(field.key, field.label, field.value) for field in services.repository_fields.list_(row.repository_id)]


def test_field_is_added_changed_and_removed(site: Site, browser: Browser) -> None:
    add(browser, "cost")
    add(browser, "team", "Team", "two\nlines")
    assert stored(site) == [("cost", "Cost centre", "4711"), ("team", "Team", "two\nlines")]
    form = form_of(get(browser, PAGE))
    form["label-cost"], form["value-cost"], form["remove-team"] = "Costs", "", True
    page = form.submit().follow()
    assert "The fields are saved." in page.text
    assert stored(site) == [("cost", "Costs", "")]


def test_key_can_be_given_anew_at_once(site: Site, browser: Browser) -> None:
    add(browser, "cost")
    form = form_of(get(browser, PAGE))
    form["remove-cost"], form["new_field_key"], form["new_field_label"] = True, "cost", "New"
    form.submit()
    assert stored(site) == [("cost", "New", "")]


def test_fields_are_on_the_summary_as_text(site: Site, browser: Browser) -> None:
    visitor = site.browser()
    first = get(visitor, "/r")
    add(browser, "cost", HOSTILE, HOSTILE)
    page = get(visitor, "/r", headers={"If-None-Match": first.headers.get("ETag", '"none"')})
    assert page.status_int == 200
    facts = page.html.select_one(".k-rail dl").text
    assert facts.count(HOSTILE) == 2
    assert not page.html.select("main script")
    assert not get(browser, PAGE).html.select("main script")


@pytest.mark.parametrize(
    ("key", "label", "value", "field", "words"),
    [
        ("", "Label", "", "key-e", "begin with a letter"),
        ("Key", "Label", "", "key-e", "small letters"),
        ("a b", "Label", "", "key-e", "small letters"),
        ("a" * 64, "Label", "", "key-e", "up to 63"),
        ("key", "", "value", "label-e", "Write a label"),
        ("key", "x" * 101, "", "label-e", "at most 100"),
        ("key", "Label", "x" * 10_001, "value-e", "at most 10\u202f000"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    site: Site, browser: Browser, key: str, label: str, value: str, field: str, words: str
) -> None:
    sent = {"new_field_key": key, "new_field_label": label, "new_field_value": value}
    answer = site.post(browser, PAGE, sent)
    assert answer.status_int == 422
    assert words in answer.html.select_one(f"#{field}").text
    form = form_of(answer)
    assert {name: form[name].value for name in sent} == sent
    assert stored(site) == []


def test_problem_of_a_known_field_stands_beside_it(site: Site, browser: Browser) -> None:
    add(browser, "cost")
    form = form_of(get(browser, PAGE))
    form["label-cost"], form["value-cost"] = "", "kept"
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "Write a label" in answer.html.select_one("#label-cost-e").text
    assert form_of(answer)["value-cost"].value == "kept"


def test_key_that_is_taken(site: Site, browser: Browser) -> None:
    add(browser, "cost")
    answer = add(browser, "cost", "Other")
    assert answer.status_int == 409
    assert stored(site) == [("cost", "Cost centre", "4711")]


def test_fields_are_bounded(site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository_fields, "MOST_FIELDS", 1)
    add(browser, "cost")
    assert add(browser, "further").status_int == 409
    assert len(stored(site)) == 1


def test_form_that_names_no_field_changes_none(site: Site, browser: Browser) -> None:
    add(browser, "cost")
    site.post(browser, PAGE, {})
    assert stored(site) == [("cost", "Cost centre", "4711")]


def test_fields_are_for_administrators(site: Site, browser: Browser) -> None:
    site.user("bob")
    bob = site.browser("bob")
    assert get(bob, PAGE).status_int == 403
    assert site.post(bob, PAGE, {"new_field_key": "x", "new_field_label": "X"}).status_int == 403
    assert stored(site) == []


def test_changes_are_recorded(site: Site, browser: Browser) -> None:
    add(browser, "cost")
    with reading(site.application) as services:
        audit = services.audit.list_(limit=1)[0]
    assert (audit.action, audit.target, audit.actor_name) == ("repository.update", "repository:r", "ada")
    assert audit.after == '{"field cost": ["Cost centre", "4711"]}'
