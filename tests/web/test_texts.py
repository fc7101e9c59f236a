"""Links in messages and descriptions."""

import subprocess

import pytest

from kallithea.core.access import Level
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get, links


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """An empty repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def test_commits_that_a_message_names_are_links(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    message = f"undo {first[:12]}\n\nSee {first}, {first[:7]} and {'f' * 40}, {'0' * 40}.\n"
    second = builder.commit({b"a": b"2"}, message=message.encode())
    page = get(site.browser(), f"/r/changeset/{second}").html
    found = page.select("h1 a, .k-message a")
    assert [link.text for link in found] == [first[:12], first, first[:7]]
    assert {link["href"] for link in found} == {f"/r/changeset/{first}"}
    assert "f" * 40 in page.select_one(".k-message").text


def test_a_branch_that_is_called_like_an_id_is_none(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    first = builder.commit({b"a": b"1"})
    builder.bookmark(b"abcdef12", first)
    second = builder.commit({b"a": b"2"}, message=b"see abcdef12")
    assert get(site.browser(), f"/r/changeset/{second}").html.select("h1 a") == []


def test_people_with_an_account_are_marked_for_members(site: Site, builder: RepositoryBuilder) -> None:
    site.user("ada")
    commit_id = builder.commit({b"a": b"1"}, message=b"by @ada and @nobody")
    address = f"/r/changeset/{commit_id}"
    assert [name.text for name in get(site.browser("ada"), address).html.select("h1 b")] == ["@ada"]
    assert get(site.browser(), address).html.select("h1 b") == []


def test_a_description_has_links(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    with writing(site.application) as services:
        services.repositories.get("r").description = f"Since {commit_id[:10]}, <b>see</b> https://example.org/."
    found = get(site.browser(), "/r").html.select("aside p.soft a")
    assert [link["href"] for link in found] == [f"/r/changeset/{commit_id}", "https://example.org/"]


@pytest.mark.parametrize("address", ["/r", "/r/files/tip", "/r/files/tip/README.md"])
def test_commits_that_a_document_names_are_links(site: Site, builder: RepositoryBuilder, address: str) -> None:
    first = builder.commit({b"a": b"1"})
    builder.commit({b"README.md": f"Since {first[:12]}, not `{first[:12]}` or {'f' * 40}.\n".encode()})
    found = get(site.browser(), address).html.select(".k-prose a")
    assert [(link.text, link["href"]) for link in found] == [(first[:12], f"/r/changeset/{first}")]


def test_issues_of_the_ini_are_links_everywhere(site: Site, builder: RepositoryBuilder) -> None:
    values = {"issue_pat": r"T(\d+)", "issue_server_link": r"https://issues.example/{repo}/\1"}
    commit_id = builder.commit({b"README.md": b"For T12, not `T13`\n"}, message=b"fix T12\n\nand T13")
    with writing(site.application) as services:
        services.repositories.get("r").description = "About T12"
    plain, linked = site.browser(), Site(site.application, values).browser()
    for address, numbers in (
        ("/r", [12, 12]),
        ("/r/files/tip/README.md", [12]),
        (f"/r/changeset/{commit_id}", [12, 13]),
    ):
        assert [one for one in links(get(plain, address)) if "issues" in one] == []
        found = [one for one in links(get(linked, address)) if "issues" in one]
        assert found == [f"https://issues.example/r/{number}" for number in numbers]


def test_however_many_commits_are_named_one_process_looks_them_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    first = builder.commit({b"a": b"1"})
    names = " ".join([*(first[:length] for length in range(7, 40)), *(f"{number:08x}" for number in range(200))])
    second = builder.commit({b"a": b"2"}, message=names.encode())
    started: list[str] = []
    start = subprocess.Popen.__init__

    def note(self: object, args: list[str], *arguments: object, **options: object) -> None:
        started.append(" ".join(map(str, args)))
        start(self, args, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    assert get(site.browser(), f"/r/changeset/{second}").status_int == 200
    assert len([line for line in started if "cat-file" in line]) == 1
