"""What the first page of a repository says beside its contents."""

import datetime

import pytest

from kallithea.core.access import Level
from kallithea.services.repository_sizes import find_size
from kallithea.services.upkeep import keep_up
from kallithea.vcs.types import Kind
from kallithea.web.reader import size
from tests.applications import Clock
from tests.factories.repositories import ADA, BOB, GitBuilder, RepositoryBuilder
from tests.web.site import Browser, Site, get

_NOW = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    site.application.clock = Clock(_NOW)
    return site.repository("r", request.param)


def part_of(browser: Browser, address: str = "/r") -> str:
    """The address of the part that a script asks for; empty where the page has it."""
    found = get(browser, address).html.select(".k-rail [data-part]")
    return str(found[0]["data-part"]) if found else ""


def date(days_ago: int) -> str:
    """A moment before now, as commits have it."""
    return f"{int((_NOW - datetime.timedelta(days=days_ago)).timestamp())} +0000"


def test_activity_and_people_come_once_and_are_known_then(site: Site, builder: RepositoryBuilder) -> None:
    for number, days in enumerate((300, 20, 19, 1)):
        builder.commit({b"f": b"%d" % number}, date=date(days), author=ADA if number else BOB)
    browser = site.browser()
    answer = get(browser, part_of(browser))
    word = "commits" if isinstance(builder, GitBuilder) else "changesets"
    said = [f"4 {word}. Most active: the week from 26 October.", f"Ada Lovelace: 3 {word}", f"Bob: 1 {word[:-1]}"]
    assert answer.html.p.text == f"{said[0]} Statistics"
    assert [link["title"] for link in answer.html.select(".k-people a")] == said[1:]
    assert len(answer.html.select("svg.k-spark rect.b")) == 3

    page = get(browser, "/r")
    assert not part_of(browser)
    assert [link["title"] for link in page.html.select(".k-people a")] == said[1:]
    assert get(browser, page.html.select(".k-people a")[1]["href"]).html.select("a.m")[0].text == "a commit"


def test_the_size_is_told_once_upkeep_has_found_it(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"1"})

    def facts() -> dict[str, str]:
        rail = get(site.browser(), "/r").html.select_one(".k-rail")
        return {fact.text: fact.find_next_sibling("dd").text for fact in rail.select("dt")}

    assert "Size" not in facts()
    keep_up(site.application, 1)
    found = find_size(site.application.caches.small, 1)
    assert found is not None
    assert facts()["Size"] == size(found.size)


@pytest.mark.parametrize(
    ("level", "private", "words"),
    [(Level.READ, False, "Public"), (Level.NONE, False, "Internal"), (Level.READ, True, "Private")],
)
def test_the_bar_says_who_may_read(site: Site, level: Level, private: bool, words: str) -> None:
    site.user("ada", administrator=True)
    site.user("bob")
    site.group("g")
    site.repository("g/r", private=private).commit({b"f": b"1"})
    site.grant("signed-in", Level.READ)
    site.grant("visitors", level, "g")
    readers = {"ada": True, "bob": not private, None: words == "Public"}
    for user, reads in readers.items():
        for page in ("/g/r", "/g/r/changelog") if reads else ():
            assert get(site.browser(user), page).html.select_one(".k-repobar .k-chip").text == words, user


def test_the_bar_changes_with_the_rights(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"1"})
    site.user("ada")
    site.grant("signed-in", Level.READ)
    before = get(site.browser("ada"), "/r/changelog")
    site.grant("visitors", Level.NONE)
    browser = site.browser("ada")
    after = get(browser, "/r/changelog", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_int, after.html.select_one(".k-repobar .k-chip").text) == (200, "Internal")


def test_languages_are_told_by_the_names_of_files(site: Site, builder: RepositoryBuilder) -> None:
    files = [b"src/%d.py" % number for number in range(6)] + [b"a.c", b"deep/b.c", b"Makefile", b"notes", b"x.unknown"]
    builder.commit(dict.fromkeys(files, b""))
    section = next(
        found
        for found in get(site.browser(), part_of(site.browser())).html.select("section")
        if "Languages" in found.h2.text
    )
    assert [" ".join(line.text.split()) for line in section.select(".row-f > span")] == [
        "Python 66.7 %",
        "C 22.2 %",
        "Makefile 11.1 %",
    ]
    assert section.svg["aria-label"] == "Python 66.7 percent, C 22.2 percent, Makefile 11.1 percent"
    assert "of 9 files" in section.h2.text
    assert "Languages" in get(site.browser(), "/r").text


def test_without_languages_nothing_is_said_of_them(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"notes": b"", b"x.unknown": b""})
    assert "Languages" not in get(site.browser(), part_of(site.browser())).text


def test_without_a_script_a_link_counts_and_leads_back(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"1"}, date=date(800))
    browser = site.browser()
    link = get(browser, "/r").html.select(".k-rail [data-part] a")[0]["href"]
    answer = get(browser, link)
    assert (answer.status_int, answer.headers["Location"]) == (303, "/r")
    assert "0 c" in get(browser, "/r").html.select(".k-rail p")[-1].text


def test_a_commit_more_is_counted_anew(site: Site, builder: RepositoryBuilder) -> None:
    browser = site.browser()
    for number in (1, 2):
        builder.commit({b"f": b"%d" % number}, date=date(5 - number))
        assert get(browser, part_of(browser)).html.p.text.startswith(f"{number} c")


def test_a_damaged_history_is_named_instead(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.GIT)
    first = builder.commit({b"f": b"1"})
    builder.commit({b"f": b"2"})
    (builder.path / "objects" / first[:2] / first[2:]).unlink()
    browser = site.browser()
    answer = get(browser, part_of(browser))
    assert answer.status_int == 200
    assert first in answer.text
    assert part_of(browser)


def test_the_newest_tags_are_shown_with_their_age(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(8, 13):
        commit_id = builder.commit({b"f": b"%d" % number}, date=date(40 - number))
        builder.tag(b"v2.%d" % number, commit_id)
    builder.tag(b"nightly", builder.commit({b"f": b"old"}, date=date(500)))
    rows = get(site.browser(), "/r").html.select(".k-rail li")
    assert [row.select(".k-ref")[0].text for row in rows] == ["v2.12", "v2.11", "v2.10", "v2.9", "v2.8"]
    assert [chip.text for chip in rows[0].select(".k-chip")] == ["Latest"]
    assert "4 weeks ago" in rows[0].text
    names = [link.text for link in get(site.browser(), "/r/branches").html.select("#tags .k-ref")]
    assert names[:3] == ["v2.12", "v2.11", "v2.10"]


@pytest.mark.parametrize("name", ["LICENSE", "COPYING.md", "licence.txt", "UNLICENSE"])
def test_the_licence_is_linked(site: Site, builder: RepositoryBuilder, name: str) -> None:
    builder.commit({name.encode(): b"Do what you want.", b"license-check/f": b"", b"a": b""})
    rows = dict(zip(*(get(site.browser(), "/r").html.select(f".k-dl {tag}") for tag in ("dt", "dd")), strict=True))
    found = next(value for title, value in rows.items() if title.text == "Licence")
    assert found.text == name
    assert get(site.browser(), found.a["href"]).status_int == 200


def test_names_of_people_stay_text(site: Site, builder: RepositoryBuilder) -> None:
    name = "A&B \" onload='alert(1)"
    builder.commit({b"f": b"1"}, author=name.encode() + b' <a"b@example.org>')
    browser = site.browser()
    answer = get(browser, part_of(browser))
    (link,) = answer.html.select(".k-people a")
    assert link["title"].startswith(f"{name}: 1 c")
    assert set(link.attrs) == {"href", "title", "aria-label"}
