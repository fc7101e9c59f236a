"""Strangers are told to wait before they take the site from its members."""

import pathlib
import shutil
from collections.abc import Callable

import pytest

from kallithea.core.access import Level
from kallithea.core.settings import Settings
from kallithea.services.application import Application
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.web.site import Site, get


@pytest.fixture
def site(
    tmp_path: pathlib.Path, migrated_file: pathlib.Path, make_application: Callable[[Settings], Application]
) -> Site:
    """A site where strangers may spend ten points a minute."""
    settings = settings_for(f"sqlite:///{tmp_path / 'kallithea.db'}", tmp_path, visitor_budget="10")
    shutil.copyfile(migrated_file, tmp_path / "kallithea.db")
    site = Site(make_application(settings))
    site.user("ada")
    site.repository("r", Kind.GIT).commit({b"a": b"1"})
    site.grant("visitors", Level.READ)
    return site


def test_a_crawler_is_told_how_long_to_wait(site: Site) -> None:
    crawler = site.browser()
    answers = [get(crawler, f"/r/changelog?page={page}") for page in range(1, 5)]
    assert [answer.status_int for answer in answers] == [200, 200, 429, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert "sign in" in answers[-1].text


@pytest.mark.parametrize("address", ["/_search", "/_admin/repo_groups/g/search"], ids=["site", "group"])
def test_searching_the_site_or_a_group_is_counted_as_well(site: Site, address: str) -> None:
    site.group("g")
    crawler = site.browser()
    answers = [get(crawler, f"{address}?q=word{number}") for number in range(3)]
    assert [answer.status_int for answer in answers] == [200, 200, 429]


def test_what_follows_a_commit_costs_as_much_as_its_history(site: Site) -> None:
    crawler = site.browser()
    answers = [get(crawler, f"/r/changeset-children/main?{number}") for number in range(3)]
    assert [answer.status_int for answer in answers] == [200, 200, 429]


def test_other_networks_and_members_do_not_notice(site: Site) -> None:
    for page in range(1, 5):
        get(site.browser(), f"/r/changelog?page={page}")
    assert get(site.browser(REMOTE_ADDR="192.0.2.99"), "/r/changelog").status_int == 200
    assert get(site.browser("ada"), "/r/changelog").status_int == 200


def test_pages_of_the_site_itself_stay_open(site: Site) -> None:
    for page in range(1, 5):
        get(site.browser(), f"/r/changelog?page={page}")
    for address in ("/", "/_admin/login", "/about"):
        assert get(site.browser(), address).status_int == 200


def test_the_history_of_lines_is_dear(site: Site) -> None:
    crawler = site.browser()
    answers = [get(crawler, f"/r/changelog/main/a?lines={number}") for number in (1, 2)]
    assert [answer.status_int for answer in answers] == [200, 429]
    assert "noindex" in answers[0].headers["X-Robots-Tag"]


def test_a_search_in_the_lines_of_all_files_is_dear(site: Site) -> None:
    crawler = site.browser()
    answers = [get(crawler, f"/r/files-search/main?q={word}") for word in ("a", "b")]
    assert [answer.status_int for answer in answers] == [200, 429]


def test_dear_pages_are_not_for_search_engines(site: Site) -> None:
    assert "noindex" in get(site.browser(), "/r/changelog").headers["X-Robots-Tag"]
    assert "X-Robots-Tag" not in get(site.browser(), "/r").headers


def test_pictures_of_a_notebook_that_are_not_there_are_counted_as_reading_it(site: Site) -> None:
    site.repository("n", Kind.GIT).commit({b"a.ipynb": b'{"nbformat": 4, "cells": []}'})
    crawler = site.browser()
    answers = [get(crawler, f"/n/raw/main/a.ipynb?cell=1&output={number}") for number in (1, 2, 3)]
    assert [answer.status_int for answer in answers] == [404, 404, 429]


@pytest.mark.parametrize("kind", Kind)
def test_a_part_of_a_large_file_is_dear_until_the_file_is_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr("kallithea.services.raw_files._KEPT", 1000)
    site.repository("large", kind).commit({b"f": b"0123456789" * 200, b"g": b"0123456789" * 200})
    first, second = site.browser(REMOTE_ADDR="192.0.2.1"), site.browser(REMOTE_ADDR="192.0.2.2")
    part = {"Range": "bytes=10-19"}

    assert first.get("/large/raw/tip/f", headers=part, expect_errors=True).status_int == 429
    assert site.browser("ada").get("/large/raw/tip/f", headers=part).body == b"0123456789"
    assert second.get("/large/raw/tip/f", headers=part).body == b"0123456789"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("page", ["raw", "rawfile"])
def test_a_large_file_is_dear_when_it_is_read_from_the_repository(
    site: Site, monkeypatch: pytest.MonkeyPatch, kind: Kind, page: str
) -> None:
    monkeypatch.setattr("kallithea.services.raw_files._KEPT", 1000)
    site.repository("large", kind).commit({b"f": b"0123456789" * 200, b"small": b"1"})
    assert get(site.browser(), f"/large/{page}/tip/small").status_int == 200
    assert get(site.browser(), f"/large/{page}/tip/f").status_int == 429
    assert get(site.browser("ada"), f"/large/{page}/tip/f").status_int == 200
