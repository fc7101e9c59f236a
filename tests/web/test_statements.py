"""What pages ask of the database, and which processes they start."""

import subprocess
from collections import Counter

import pytest

from kallithea.core.access import Level
from kallithea.services.settling import settle
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.statements import counted
from tests.web.site import Site, get


@pytest.fixture
def harbour(site: Site) -> Site:
    """A repository two groups deep, readable for an account."""
    site.user("ada")
    site.group("a")
    site.group("a/b")
    for kind in Kind:
        site.repository(f"a/b/{kind}", kind).commit({b"README.md": b"# 1\n", b"src/x.py": b"1\n"})
        site.repository(f"a/b/{kind}-own", kind).commit({b"src/x.py": b"1\n"})
        site.grant("ada", Level.WRITE, f"a/b/{kind}-own")
        site.repository(f"a/b/{kind}-fork", kind, fork_of=f"a/b/{kind}").commit({b"README.md": b"# 2\n"})
        site.grant("ada", Level.ADMIN, f"a/b/{kind}")
    site.grant("ada", Level.READ, "a")
    with reading(site.application) as services:
        ids = [services.repositories.get(f"a/b/{kind}").repository_id for kind in Kind]
    for repository_id in ids:
        settle(site.application, repository_id)
    return site


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines of processes that were started."""
    commands: list[list[str]] = []
    start = subprocess.Popen.__init__

    def note(self: object, args: list[str], *arguments: object, **options: object) -> None:
        commands.append(list(args))
        start(self, args, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    return commands


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 6),
        ("/?f=r&kind=git&sort=name", 6),
        ("/a", 14),
        ("/a/b/{kind}", 12),
        ("/a/b/{kind}/files/tip/src/x.py", 9),
        ("/a/b/{kind}/files/tip/README.md", 9),
        ("/a/b/{kind}/files-find/tip?q=x", 9),
        ("/a/b/{kind}/files-names/tip", 6),
        ("/a/b/{kind}/annotate/tip/src/x.py", 9),
        ("/a/b/{kind}/files-changes/tip/src", 6),
        ("/a/b/{kind}/raw/tip/src/x.py", 6),
        ("/a/b/{kind}/changelog", 10),
        ("/a/b/{kind}/changeset/tip", 9),
        ("/a/b/{kind}/branches", 10),
        ("/a/b/{kind}/compare", 10),
        ("/a/b/{kind}/compare/tip...tip", 9),
        ("/a/b/{kind}/compare/tip..tip?other_repo=a/b/{kind}-fork", 12),
        ("/a/b/{kind}-own/files/tip/src/x.py", 6),
        ("/a/b/{kind}-own/edit/tip/src/x.py", 6),
        ("/a/b/{kind}-own/delete/tip/src/x.py", 6),
        ("/a/b/{kind}-own/add/tip/src", 6),
        ("/a/b/{kind}-own/upload/tip/src", 6),
        ("/a/b/{kind}/settings", 11),
        ("/a/b/{kind}/settings/delete", 9),
        ("/a/b/{kind}/settings/fields", 9),
        ("/a/b/{kind}/fork", 11),
        ("/a/b/{kind}/forks", 12),
        ("/a/b/{kind}-fork", 13),
        ("/_admin/create_repository", 2),
        ("/about", 2),
        ("/_healthz", 0),
        ("/_avatar/0001", 0),
    ],
)
@pytest.mark.parametrize("kind", Kind)
def test_statements_of_a_page(harbour: Site, kind: Kind, address: str, most: int) -> None:
    browser = harbour.browser("ada")
    with counted(harbour.application.engine) as statements:
        assert get(browser, address.format(kind=kind)).status_int == 200
    assert len(statements) <= most, statements


@pytest.mark.parametrize("page", ["", "/files/tip", "/changelog", "/branches"])
def test_pages_of_a_repository_without_forks_ask_nothing_about_forks(harbour: Site, page: str) -> None:
    harbour.repository("a/b/alone").commit({b"README.md": b"# 1\n"})
    browser, counts = harbour.browser("ada"), []
    for name in ("alone", "git"):
        get(browser, f"/a/b/{name}{page}")
        with counted(harbour.application.engine) as statements:
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
        ("/changelog", ["for-each-ref", "rev-list", "cat-file"]),
        ("/changeset/{id}", ["for-each-ref", "cat-file", "diff-tree"]),
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
def test_processes_of_a_git_page(harbour: Site, started: list[list[str]], address: str, commands: list[str]) -> None:
    browser = harbour.browser("ada")
    path = harbour.application.settings.repository_folder / "a-b-git"
    commit_id = subprocess.run(
        ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, check=True
    ).stdout.decode()
    started.clear()
    assert get(browser, f"/a/b/git{address.format(id=commit_id.strip())}").status_int == 200
    assert not Counter(_command(line) for line in started) - Counter(commands)


@pytest.mark.parametrize("page", ["files/{id}/src/x.py", "edit/{id}/src/x.py", "delete/{id}/src/x.py", "add/{id}/src"])
def test_processes_of_a_git_page_that_leads_to_changes(harbour: Site, started: list[list[str]], page: str) -> None:
    browser = harbour.browser("ada")
    path = harbour.application.settings.repository_folder / "a-b-git-own"
    commit_id = subprocess.run(
        ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, check=True
    ).stdout.decode()
    started.clear()
    assert get(browser, f"/a/b/git-own/{page.format(id=commit_id.strip())}").status_int == 200
    assert not Counter(_command(line) for line in started) - Counter(["for-each-ref", "cat-file"])


@pytest.mark.parametrize(
    "page", ["annotate/tip/src/x.py", "changelog/tip", "changelog/tip/src", "files/tip/README.md", "files-names/tip"]
)
def test_a_page_that_is_known_starts_no_process(harbour: Site, started: list[list[str]], page: str) -> None:
    for _ in range(2):
        started.clear()
        assert get(harbour.browser("ada"), f"/a/b/git/{page}").status_int == 200
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
        "/changeset/tip",
        "/branches",
        "/compare",
        "/compare/tip...tip",
        "/compare/..tip?other_repo=a/b/hg-fork",
        "/raw/tip/README.md",
    ],
)
def test_a_mercurial_page_starts_no_process(harbour: Site, started: list[list[str]], page: str) -> None:
    assert get(harbour.browser("ada"), f"/a/b/hg{page}").status_int == 200
    assert started == []


@pytest.mark.parametrize(
    "address", ["/a/b/{name}", "/a/b/{name}/files/tip/README.md", "/a/b/{name}/nothing", "/a/b/{name}/"]
)
def test_hidden_and_absent_are_the_same(harbour: Site, address: str) -> None:
    harbour.repository("a/b/hidden", private=True)
    harbour.grant("ada", Level.NONE, "a/b/hidden")
    browser, answers, asked = harbour.browser("ada"), [], []
    for name in ("hidden", "absent"):
        with counted(harbour.application.engine) as statements:
            answers.append(get(browser, address.format(name=name)))
        asked.append(statements)
    assert answers[0].status_int == 404
    assert answers[0].body == answers[1].body
    assert answers[0].headerlist == answers[1].headerlist
    assert asked[0] == asked[1]


def test_a_hidden_group_is_like_an_absent_one(harbour: Site) -> None:
    harbour.group("hidden")
    harbour.user("bob")
    browser, asked = harbour.browser("bob"), []
    for name in ("hidden", "absent"):
        with counted(harbour.application.engine) as statements:
            assert get(browser, f"/{name}").status_int == 404
        asked.append(statements)
    assert asked[0] == asked[1]


def test_a_hidden_permanent_address_is_like_an_absent_one(harbour: Site) -> None:
    harbour.user("bob")
    browser, asked = harbour.browser("bob"), []
    for address in (harbour.path_of("a/b/git"), "/_9999"):
        with counted(harbour.application.engine) as statements:
            assert get(browser, f"{address}/files").status_int == 404
        asked.append(statements)
    assert asked[0] == asked[1]
