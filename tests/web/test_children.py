"""From a commit to what follows it."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.vcs.git import ancestry
from kallithea.vcs.types import Kind, LimitExceededError
from kallithea.web.changesets import children
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def listed(page: Answer) -> list[str]:
    return [row.select_one(".m")["href"].rpartition("/")[2] for row in page.html.select(".k-log tbody tr")]


def test_both_arrows_lead_on(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    word = "commit" if builder.kind is Kind.GIT else "changeset"

    def arrows(commit_id: str) -> dict[str, str]:
        page = get(site.browser(), f"/r/changeset/{commit_id}").html
        return {arrow["aria-label"]: arrow["href"] for arrow in page.select("main .k-btns > a[aria-label]")}

    assert arrows(second) == {
        f"Parent {word}": f"/r/changeset/{first}",
        f"Child {word}": f"/r/changeset-children/{second}",
    }
    assert list(arrows(first)) == [f"Child {word}"]
    answer = get(site.browser(), arrows(first)[f"Child {word}"])
    assert (answer.status_int, answer.headers["Location"]) == (303, f"/r/changeset/{second}")


def test_nothing_is_looked_for_before_somebody_goes_on(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"a": b"1"})
    monkeypatch.delattr(f"kallithea.vcs.{builder.kind}.ancestry.{builder.kind.capitalize()}Ancestry.children")
    assert get(site.browser(), f"/r/changeset/{commit_id}").status_int == 200
    assert get(site.browser(), f"/r/changeset-children/{commit_id}").status_int == 500


def test_several_are_listed_and_lead_back(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    one, other = (
        builder.commit({b"a": name}, parents=(first,), branch=name, message=b"Say <" + name + b">")
        for name in (b"one", b"other")
    )
    page = get(site.browser(), f"/r/changeset-children/{first[:10]}")
    assert page.status_int == 200
    assert listed(page) == [other, one]
    assert [cell.text for cell in page.html.select("a.m")] == ["Say <other>", "Say <one>"]
    assert page.text.count("Ada Lovelace") == 2
    assert len(page.html.select(".k-log time")) == 2
    assert page.html.select_one(".k-head a")["href"] == f"/r/changeset/{first}"
    digits = first[:8] if builder.kind is Kind.GIT else f"0:{first[:12]}"
    assert page.html.select_one("caption").text.split(" that have ")[1] == f"{digits} as a parent, newest first"


def test_more_than_a_page_shows_are_said_to_be_there(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_MOST", 2)
    first = builder.commit({b"a": b"1"})
    made = [builder.commit({b"a": b"%d" % number}, parents=(first,), branch=b"b%d" % number) for number in range(3)]
    page = get(site.browser(), f"/r/changeset-children/{first}")
    assert listed(page) == [made[2], made[1]]
    assert "Only the newest 2 of them are shown." in page.text


def test_that_nothing_follows_is_said(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    if isinstance(builder, HgBuilder):
        builder.set_phase(builder.commit({b"a": b"2"}), "secret")
    page = get(site.browser(), f"/r/changeset-children/{commit_id}")
    words = "No commit of a branch" if isinstance(builder, GitBuilder) else "No changeset that is shown here"
    assert words in page.html.select_one(".k-empty").text
    assert page.html.select_one(".k-head a")["href"] == f"/r/changeset/{commit_id}"


def test_what_follows_later_is_found_though_a_browser_has_the_page(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    browser = site.browser()
    page = get(browser, f"/r/changeset-children/{first}")
    headers = {"If-None-Match": page.headers["ETag"]}
    assert browser.get(f"/r/changeset-children/{first}", headers=headers).status_int == 304
    second = builder.commit({b"a": b"2"})
    answer = browser.get(f"/r/changeset-children/{first}", headers=headers)
    assert (answer.status_int, answer.headers["Location"]) == (303, f"/r/changeset/{second}")
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("address", ["", "/", "/nothing", "/{id}/a", "/" + "f" * 40])
def test_what_is_no_commit_has_none(site: Site, builder: RepositoryBuilder, address: str) -> None:
    commit_id = builder.commit({b"a": b"1"})
    assert get(site.browser(), f"/r/changeset-children{address.format(id=commit_id)}").status_int == 404


def test_a_walk_that_takes_too_long_is_a_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(*_arguments: object, **_options: object) -> None:
        raise LimitExceededError("git rev-list took longer than 20 seconds.")

    site.grant("visitors", Level.READ)
    commit_id = site.repository("r").commit({b"a": b"1"})
    monkeypatch.setattr(ancestry, "stream_git", walk)
    page = get(site.browser(), f"/r/changeset-children/{commit_id}")
    assert page.status_int == 503
    assert "longer than 20 seconds" in page.text


def test_it_is_not_for_search_engines(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"})
    answer = get(site.browser(), f"/r/changeset-children/{first}")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    link = get(site.browser(), f"/r/changeset/{first}").html.select_one('a[href*="changeset-children"]')
    assert link["rel"] == ["nofollow"]
