"""The history as a page."""

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def _messages(site: Site, address: str) -> list[str]:
    return [link.text for link in get(site.browser(), address).html.select("a.m")]


def test_commits_are_listed_newest_first_by_pages(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(55):
        builder.commit({b"f": b"%d" % number}, message=b"number %d" % number)
    first, second = _messages(site, "/r/changelog"), _messages(site, "/r/changelog?page=2")
    assert (len(first), first[0], first[-1]) == (50, "number 54", "number 5")
    assert second == [f"number {number}" for number in range(4, -1, -1)]


def test_a_page_links_to_the_next_one_of_the_same_commit(site: Site, builder: RepositoryBuilder) -> None:
    last = ""
    for number in range(51):
        last = builder.commit({b"f": b"%d" % number})
    older = get(site.browser(), "/r/changelog").html.find("a", string="Older")["href"]
    builder.commit({b"f": b"pushed meanwhile"}, message=b"newer")
    assert last in older
    assert len(_messages(site, older)) == 1


def test_history_of_one_path(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"src/a": b"1", b"b": b"1"}, message=b"both")
    builder.commit({b"b": b"2"}, message=b"only b")
    assert _messages(site, "/r/changelog/tip/src/a") == ["both"]


def test_branch_of_the_query(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"}, message=b"first")
    builder.bookmark(b"old/one", builder.commit({b"a": b"2"}, message=b"second"))
    builder.commit({b"a": b"3"}, message=b"third")
    assert _messages(site, "/r/changelog?branch=old/one") == ["second", "first"]
    assert get(site.browser(), "/r/changelog?branch=nothing").status_int == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "%FF", "1e9", "99999"])
def test_odd_page_numbers_are_no_failure(site: Site, builder: RepositoryBuilder, page: str) -> None:
    builder.commit({b"a": b"1"})
    assert get(site.browser(), f"/r/changelog?page={page}").status_int == 200


def test_a_mercurial_changelog_shows_branch_phase_and_local_number(site: Site) -> None:
    site.grant("visitors", Level.READ)
    commit_id = site.repository("r", Kind.HG).commit({b"a": b"1"}, branch=b"stable")
    page = get(site.browser(), "/r/changelog")
    assert f"0:{commit_id[:12]}" in page.text
    assert "stable" in page.text
    assert "Draft" in page.text
