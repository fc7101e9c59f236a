"""The page of the record of administration, and its table for other programs."""

import csv
import io

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import Actor, Way
from kallithea.services.work import writing
from tests.web.site import Site, get

ROOT = Actor(1, "root", Way.WEB, "192.0.2.7")


@pytest.fixture
def audited(site: Site) -> Site:
    """A site with two accounts, of which root administers it, and a few entries."""
    site.user("root", administrator=True)
    site.user("ada")
    site.group("harbour")
    site.grant("ada", Level.WRITE, "harbour")
    return site


def actions(site: Site, query: str = "") -> list[str]:
    """What the page shows, newest first."""
    return shown(get(site.browser("root"), f"/_admin{query}"))


def shown(page: Answer) -> list[str]:
    return [row.code.text for row in page.html.select("tbody tr")]


def note(site: Site, action: str, target: str, *, actor: Actor = ROOT, after: dict[str, object] | None = None) -> None:
    with writing(site.application) as services:
        services.audit.add(actor, action, target, after=after)


def test_entries_are_shown_newest_first_with_what_changed(audited: Site) -> None:
    page = get(audited.browser("root"), "/_admin")
    rows = page.html.select("tbody tr")
    assert shown(page)[:2] == ["permission.set", "repository-group.create"]
    assert [tag.text for tag in rows[0].select("ins")] == ["write"]
    assert "group:harbour" in rows[0].text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=repository-group", ["repository-group.create"]),
        ("?kind=repository", []),
        ("?actor=nobody", []),
        ("?target=HARB", ["permission.set", "repository-group.create"]),
        ("?target=%25", []),
        ("?since=9999-12-31", []),
        ("?until=0001-01-01", []),
        ("?kind=user&until=9999-12-31", ["user.create", "user.create"]),
        ("?kind=nonsense&since=nonsense&target=group%3Aharb", ["permission.set", "repository-group.create"]),
    ],
)
def test_filter_leaves_what_fits(audited: Site, query: str, found: list[str]) -> None:
    assert actions(audited, query) == found


def test_filter_is_kept_on_the_way_to_older_entries(audited: Site) -> None:
    audited.shorten_lists(1)
    page = get(audited.browser("root"), "/_admin?target=harbour")
    assert shown(page) == ["permission.set"]
    older = page.click("Older")
    assert shown(older) == ["repository-group.create"]
    assert "target=harbour" in older.request.url
    assert older.html.find("a", string="Older") is None
    assert shown(older.click("Newest")) == ["permission.set"]


def test_nothing_found_leads_back_to_everything(audited: Site) -> None:
    page = get(audited.browser("root"), "/_admin?actor=nobody")
    assert "Nothing that was noted fits this filter." in page.text
    assert page.click("Show everything").html.select("tbody tr")


def test_others_may_not_see_it(audited: Site) -> None:
    for address in ("/_admin", "/_admin/audit.csv"):
        visitor = get(audited.browser(), f"{address}?kind=user")
        assert (visitor.status_int, visitor.location.partition("?")[0]) == (303, "/_admin/login")
        assert "came_from=%2F_admin" in visitor.location
        assert get(audited.browser("ada"), address).status_int == 403


def test_export_has_everything_that_the_filter_leaves(audited: Site) -> None:
    note(audited, "user.update", "user:ada", after={"active": False})
    answer = get(audited.browser("root"), "/_admin").click("Export as CSV")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit.csv"')
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    first = rows[0]
    assert (first["action"], first["target"], first["after"]) == ("user.update", "user:ada", '{"active": false}')
    assert [row["action"] for row in rows] == actions(audited)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_export_holds_no_formulas(audited: Site, name: str) -> None:
    note(audited, "user.update", name, actor=Actor(None, name, Way.OUTSIDE))
    answer = get(audited.browser("root"), "/_admin/audit.csv")
    row = next(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert row["target"] == row["actor"] == f"'{name}"
