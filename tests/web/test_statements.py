"""What pages ask of the database, and which processes they start."""

import subprocess
from collections import Counter

import pytest
from pyramid.config import Configurator

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.app import add_features
from tests.statements import counted
from tests.web.harbour import PAGES, Harbour, find_visitor
from tests.web.site import get, without_proof, without_typed


@pytest.mark.parametrize(
    ("page", "kind"), [(page, kind) for page in PAGES for kind in Kind if "{" in page[2] or kind is Kind.GIT]
)
def test_statements_of_a_page(harbour: Harbour, page: tuple[type, str, str, int], kind: Kind) -> None:
    site, (context, name, address, most) = harbour.site, page
    named = harbour.address(address, kind)
    browser = site.browser(find_visitor(context, name))
    with counted(site.application.engine) as statements:
        assert get(browser, named).status_int in (200, 303)
    assert len(statements) <= most, statements


def test_every_page_has_its_number_of_statements() -> None:
    """A new page fails here until it has an address above."""
    config = Configurator()
    add_features(config)
    assert {(context, name) for context, name, _, _ in PAGES} == config.registry.pages.names("GET")


@pytest.mark.parametrize("page", ["", "/files/tip", "/changelog", "/branches"])
def test_pages_of_a_repository_without_forks_ask_nothing_about_forks(harbour: Harbour, page: str) -> None:
    harbour.site.repository("a/b/alone").commit({b"README.md": b"# 1\n"})
    browser, counts = harbour.site.browser("ada"), []
    for name in ("alone", "git"):
        get(browser, f"/a/b/{name}{page}")
        with counted(harbour.site.application.engine) as statements:
            assert get(browser, f"/a/b/{name}{page}").status_int == 200
        counts.append(len(statements))
    alone, forked = counts
    assert alone == forked - 3


@pytest.mark.parametrize(
    ("address", "commands"),
    [
        ("", ["for-each-ref", "cat-file"]),
        ("/files/{id}/src", ["for-each-ref", "cat-file"]),
        ("/files/{id}/src/x.py", ["for-each-ref", "cat-file"]),
        ("/files/{id}/README.md", ["for-each-ref", "cat-file"]),
        ("/files-find/{id}?q=x", ["for-each-ref", "cat-file", "ls-tree"]),
        ("/files-names/{id}", ["cat-file", "ls-tree"]),
        ("/annotate/{id}/src/x.py", ["rev-list", "blame"]),
        ("/files-changes/{id}/src", ["version", "rev-list", "diff-tree", "cat-file"]),
        ("/raw/{id}/src/x.py", ["cat-file"]),
        ("/changelog/{id}/src/x.py?lines=1", ["for-each-ref", "log", "rev-list", "cat-file"]),
        ("/changelog", ["for-each-ref", "rev-list", "cat-file"]),
        ("/changelog?all=1", ["for-each-ref", "rev-list"]),
        ("/changeset/{id}", ["for-each-ref", "cat-file", "diff-tree"]),
        ("/changeset-children/{id}", ["cat-file", "rev-list"]),
        ("/changeset-diff/{id}", ["cat-file", "diff-tree"]),
        ("/branches", ["for-each-ref", "cat-file"]),
        ("/compare", ["for-each-ref", "cat-file"]),
        (
            "/compare/{id}...{id}",
            ["for-each-ref", "cat-file", "cat-file", "rev-list", "merge-base", "rev-list", "diff-tree"],
        ),
        (
            "/compare/{id}..?other_repo=a/b/git-fork",
            ["for-each-ref", "cat-file", "for-each-ref", "cat-file", "rev-list", "merge-base", "rev-list", "diff-tree"],
        ),
        ("/compare-diff/{id}...{id}", ["cat-file", "rev-list", "merge-base", "diff-tree"]),
    ],
)
def test_processes_of_a_git_page(harbour: Harbour, started: list[list[str]], address: str, commands: list[str]) -> None:
    browser = harbour.site.browser("ada")
    path = harbour.site.application.settings.repository_folder / "a-b-git"
    commit_id = subprocess.run(
        ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, check=True
    ).stdout.decode()
    started.clear()
    assert get(browser, f"/a/b/git{address.format(id=commit_id.strip())}").status_int == 200
    assert not Counter(_command(line) for line in started) - Counter(commands)


@pytest.mark.parametrize("page", ["files/{id}/src/x.py", "edit/{id}/src/x.py", "delete/{id}/src/x.py", "add/{id}/src"])
def test_processes_of_a_git_page_that_leads_to_changes(harbour: Harbour, started: list[list[str]], page: str) -> None:
    browser = harbour.site.browser("ada")
    path = harbour.site.application.settings.repository_folder / "a-b-git-own"
    commit_id = subprocess.run(
        ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, check=True
    ).stdout.decode()
    started.clear()
    assert get(browser, f"/a/b/git-own/{page.format(id=commit_id.strip())}").status_int == 200
    assert not Counter(_command(line) for line in started) - Counter(["for-each-ref", "cat-file"])


@pytest.mark.parametrize(
    "page",
    [
        "annotate/tip/src/x.py",
        "changelog/tip",
        "changelog/tip/src",
        "changelog/tip/src/x.py?lines=1",
        "files/tip/README.md",
        "files-names/tip",
    ],
)
def test_a_page_that_is_known_starts_no_process(harbour: Harbour, started: list[list[str]], page: str) -> None:
    for _ in range(2):
        started.clear()
        assert get(harbour.site.browser("ada"), f"/a/b/git/{page}").status_int == 200
    assert started == []


def _command(line: list[str]) -> str:
    return next(str(word) for word in line[1:] if not str(word).startswith("-"))


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/files/tip",
        "/files/tip/README.md",
        "/files-find/tip?q=x",
        "/files-changes/tip",
        "/annotate/tip/README.md",
        "/changelog",
        "/changelog?all=1",
        "/changeset/tip",
        "/branches",
        "/compare",
        "/compare/tip...tip",
        "/compare/..tip?other_repo=a/b/hg-fork",
        "/raw/tip/README.md",
    ],
)
def test_a_mercurial_page_starts_no_process(harbour: Harbour, started: list[list[str]], page: str) -> None:
    assert get(harbour.site.browser("ada"), f"/a/b/hg{page}").status_int == 200
    assert started == []


@pytest.mark.parametrize(
    "address", ["/a/b/{name}", "/a/b/{name}/files/tip/README.md", "/a/b/{name}/nothing", "/a/b/{name}/"]
)
def test_hidden_and_absent_are_the_same(harbour: Harbour, address: str) -> None:
    harbour.site.repository("a/b/hidden", private=True)
    harbour.site.grant("ada", Level.NONE, "a/b/hidden")
    browser, answers, asked = harbour.site.browser("ada"), [], []
    for name in ("hidden", "absent"):
        with counted(harbour.site.application.engine) as statements:
            answers.append(get(browser, address.format(name=name)))
        asked.append(statements)
    assert answers[0].status_int == 404
    hidden, absent = (
        without_typed(without_proof(answer.body), address.format(name=name))
        for name, answer in zip(("hidden", "absent"), answers, strict=True)
    )
    assert hidden == absent
    assert answers[0].headerlist == answers[1].headerlist
    assert asked[0] == asked[1]


def test_a_hidden_group_is_like_an_absent_one(harbour: Harbour) -> None:
    harbour.site.group("hidden")
    harbour.site.user("bob")
    browser, asked = harbour.site.browser("bob"), []
    for name in ("hidden", "absent"):
        with counted(harbour.site.application.engine) as statements:
            assert get(browser, f"/{name}").status_int == 404
        asked.append(statements)
    assert asked[0] == asked[1]


def test_a_hidden_permanent_address_is_like_an_absent_one(harbour: Harbour) -> None:
    harbour.site.user("bob")
    browser, asked = harbour.site.browser("bob"), []
    for address in (harbour.site.path_of("a/b/git"), "/_9999"):
        with counted(harbour.site.application.engine) as statements:
            assert get(browser, f"{address}/files").status_int == 404
        asked.append(statements)
    assert asked[0] == asked[1]
