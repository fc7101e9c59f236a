"""What the pages of a repository begin with, and whether it has archives and statistics."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.refreshing import refresh_last_changes
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Browser, Site, form_of, get


@pytest.fixture(params=Kind)
def builder(site: Site, request: pytest.FixtureRequest) -> RepositoryBuilder:
    """A repository whose first commit is tagged; its default branch has a further one."""
    site.user("ada")
    site.grant("visitors", Level.READ)
    builder = site.repository("r", request.param)
    builder.tag(b"v1", builder.commit({b"old.txt": b"1"}, message=b"the first"))
    builder.commit({b"new.txt": b"2"}, message=b"the second")
    site.grant("ada", Level.ADMIN, "r")
    return builder


def change(site: Site, **values: bytes | bool) -> None:
    with writing(site.application) as services:
        repository_id = services.repositories.get("r").repository_id
        asked = RepositoryChange(**values)  # type: ignore[arg-type]
        services.repository_settings.update(COMMAND_LINE, None, repository_id, asked)


def choose(browser: Browser, name: str) -> Answer:
    form = form_of(get(browser, "/r/settings"))
    form["repo_landing_rev"] = name
    return form.submit(expect_errors=True)


@pytest.mark.parametrize("page", ["", "/files"])
def test_pages_begin_with_the_landing_revision(site: Site, builder: RepositoryBuilder, page: str) -> None:
    assert "new.txt" in get(site.browser(), f"/r{page}").text
    choose(site.browser("ada"), "v1")
    shown = get(site.browser(), f"/r{page}").html.select_one("main").text
    assert "new.txt" not in shown
    assert "old.txt" in shown
    assert "v1" in shown


def test_changelog_begins_with_the_landing_revision(site: Site, builder: RepositoryBuilder) -> None:
    choose(site.browser("ada"), "v1")
    page = get(site.browser(), "/r/changelog").text
    assert "the first" in page
    assert "the second" not in page


def test_branches_are_compared_with_the_landing_revision(site: Site, builder: RepositoryBuilder) -> None:
    choose(site.browser("ada"), "v1")
    lines = get(site.browser(), "/r/branches").html.select("tbody tr")
    defaults = [line.select_one(".k-ref").text for line in lines if "Default" in line.text]
    assert defaults == ["v1"]
    branch = next(line for line in lines if not line.select_one(".k-ref.tag"))
    page = get(site.browser(), branch.select_one('a[aria-label^="Compare"]')["href"])
    assert "the second" in page.text
    assert "the first" not in page.text


def test_last_changes_are_found_where_pages_begin(site: Site, builder: RepositoryBuilder) -> None:
    change(site, landing=b"v1")
    with reading(site.application) as services:
        repository_id = services.repositories.get("r").repository_id
    refresh_last_changes(site.application, repository_id)
    assert "the first" in get(site.browser(), "/r").text


def test_name_that_is_gone_counts_no_more_and_is_told(site: Site, builder: RepositoryBuilder) -> None:
    browser = site.browser("ada")
    change(site, landing=b"gone")
    assert "new.txt" in get(site.browser(), "/r").text
    page = get(browser, "/r/settings")
    assert "any more. Pages begin with" in page.html.select_one("#l-e").text
    form = form_of(page)
    assert form["repo_landing_rev"].value == "gone"
    form["repo_description"] = "changed beside it"
    assert form.submit().status_int == 303


def test_name_must_be_there_when_it_is_chosen(site: Site, builder: RepositoryBuilder) -> None:
    answer = choose(site.browser("ada"), "<b>absent")
    assert answer.status_int == 422
    assert "There is no branch, bookmark or tag '<b>absent'" in answer.html.select_one("#l-e").text
    assert form_of(answer)["repo_landing_rev"].value == "<b>absent"


def test_nothing_is_the_repositorys_own_default(site: Site, builder: RepositoryBuilder) -> None:
    change(site, landing=b"v1")
    choose(site.browser("ada"), "")
    assert "new.txt" in get(site.browser(), "/r").text


def test_names_are_offered(site: Site, builder: RepositoryBuilder) -> None:
    options = get(site.browser("ada"), "/r/settings").html.select("datalist option")
    assert "v1" in [option["value"] for option in options]


def test_settings_of_a_repository_that_cannot_be_read(site: Site, builder: RepositoryBuilder) -> None:
    folder = site.application.settings.repository_folder / "r"
    folder.rename(folder.with_name(".gone"))
    browser = site.browser("ada")
    page = get(browser, "/r/settings")
    assert "cannot be read now" in page.html.select_one("#l-e").text
    form = form_of(page)
    form["repo_description"] = "missing"
    assert form.submit().status_int == 303


def test_archives_can_be_switched_off(site: Site, builder: RepositoryBuilder) -> None:
    browser = site.browser("ada")
    for page in ("/r", "/r/files"):
        assert get(browser, page).html.select('a[href*="/archive/"]')
    assert get(browser, "/r/archive/tip.zip").status_int == 200
    form = form_of(get(browser, "/r/settings"))
    form["repo_enable_downloads"].checked = False
    form.submit()
    for page in ("/r", "/r/files"):
        assert not get(browser, page).html.select('a[href*="/archive/"]')
    answer = get(browser, "/r/archive/tip.zip")
    assert answer.status_int == 403
    assert "no archives of this repository" in answer.text
    assert not form_of(get(browser, "/r/settings"))["repo_enable_downloads"].checked


def test_statistics_can_be_left_out(site: Site, builder: RepositoryBuilder) -> None:
    browser = site.browser("ada")
    assert "summary-facts" in get(browser, "/r").text
    assert get(browser, "/r/summary-facts/tip").status_int == 200
    assert "Contributors" in get(browser, "/r").text
    form = form_of(get(browser, "/r/settings"))
    form["repo_enable_statistics"].checked = False
    form.submit()
    page = get(browser, "/r")
    assert page.status_int == 200
    assert "summary-facts" not in page.text
    assert "Contributors" not in page.text
    for name in ("summary-facts/tip", "summary-with-facts"):
        assert get(browser, f"/r/{name}").status_int == 404
    assert not form_of(get(browser, "/r/settings"))["repo_enable_statistics"].checked


@pytest.mark.parametrize("values", [{"landing": b"v1"}, {"downloads": False}, {"statistics": False}])
def test_changed_settings_make_another_page(
    site: Site, builder: RepositoryBuilder, values: dict[str, bytes | bool]
) -> None:
    browser = site.browser()
    # A page without what comes after it is not whole.
    for part in ("files-changes/tip", "summary-facts/tip"):
        assert get(browser, f"/r/{part}").status_int == 200
    first = get(browser, "/r")
    change(site, **values)
    assert get(browser, "/r", headers={"If-None-Match": first.headers["ETag"]}).status_int == 200
