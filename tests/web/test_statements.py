"""What pages ask of the database, and which processes they start."""

import subprocess
from collections import Counter
from dataclasses import dataclass

import pytest
from pyramid.config import Configurator
from sqlalchemy import select

from kallithea.core.access import Level
from kallithea.core.jobs import ForkRepository
from kallithea.model.outbox import OutboxJob
from kallithea.services.settling import settle
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from kallithea.web.app import add_features
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from tests.statements import counted
from tests.web.site import Site, get


@dataclass
class Harbour:
    """A site with repositories two groups deep, readable for an account, which has asked for a task.

    ``first`` is the id of the first of two commits of the repository of each kind.
    """

    site: Site
    task_id: int
    first: dict[Kind, str]


@pytest.fixture
def harbour(site: Site) -> Harbour:
    user_id = site.user("ada")
    site.group("a")
    site.group("a/b")
    first = {}
    for kind in Kind:
        builder = site.repository(f"a/b/{kind}", kind)
        first[kind] = builder.commit({b"README.md": b"# 1\n"})
        builder.commit({b"src/x.py": b"1\n"})
        site.repository(f"a/b/{kind}-own", kind).commit({b"src/x.py": b"1\n"})
        site.grant("ada", Level.WRITE, f"a/b/{kind}-own")
        site.repository(f"a/b/{kind}-fork", kind, fork_of=f"a/b/{kind}").commit({b"README.md": b"# 2\n"})
        site.grant("ada", Level.ADMIN, f"a/b/{kind}")
    site.grant("ada", Level.READ, "a")
    with reading(site.application) as services:
        ids = [services.repositories.get(f"a/b/{kind}").repository_id for kind in Kind]
    for repository_id in ids:
        settle(site.application, repository_id)
    with writing(site.application) as services:
        services.outbox.add(ForkRepository(user_id, ids[0], "a/absent", "", False, ""))
        task_id = services.session.scalar(select(OutboxJob.outbox_id).where(OutboxJob.kind == "ForkRepository"))
    return Harbour(site, task_id or 0, first)


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


# Each page with addresses that lead to it, and how many statements the answer may take.
_PAGES: tuple[tuple[type, str, str, int], ...] = (
    (SiteContext, "", "/", 6),
    (SiteContext, "", "/?f=r&kind=git&sort=name", 6),
    (SiteContext, "about", "/about", 2),
    (SiteContext, "favicon.ico", "/favicon.ico", 0),
    (SiteContext, "robots.txt", "/robots.txt", 0),
    (SiteContext, "_avatar", "/_avatar/0001", 0),
    (SiteContext, "_healthz", "/_healthz", 0),
    (SiteContext, "_readyz", "/_readyz", 1),
    (SiteContext, "_tasks", "/_tasks/{task}", 4),
    (SiteContext, "_admin/login", "/_admin/login", 2),
    (SiteContext, "_admin/my_account/language", "/_admin/my_account/language", 2),
    (SiteContext, "_admin/create_repository", "/_admin/create_repository", 2),
    (SiteContext, "_admin/repo_groups/new", "/_admin/repo_groups/new", 2),
    (GroupContext, "", "/a", 10),
    (GroupContext, "", "/a/b?f=r&kind=git&sort=name", 11),
    (RepositoryContext, "", "/a/b/{kind}", 10),
    (RepositoryContext, "", "/a/b/{kind}-fork", 10),
    (RepositoryContext, "summary", "/a/b/{kind}/summary", 10),
    (RepositoryContext, "summary-facts", "/a/b/{kind}/summary-facts/tip", 5),
    (RepositoryContext, "summary-with-facts", "/a/b/{kind}/summary-with-facts", 5),
    (RepositoryContext, "files", "/a/b/{kind}/files/tip/src/x.py", 8),
    (RepositoryContext, "files", "/a/b/{kind}/files/tip/README.md", 8),
    (RepositoryContext, "files", "/a/b/{kind}-own/files/tip/src/x.py", 5),
    (RepositoryContext, "files-changes", "/a/b/{kind}/files-changes/tip/src", 5),
    (RepositoryContext, "files-with-changes", "/a/b/{kind}/files-with-changes/tip/src", 8),
    (RepositoryContext, "files-find", "/a/b/{kind}/files-find/tip?q=x", 8),
    (RepositoryContext, "files-names", "/a/b/{kind}/files-names/tip", 5),
    (RepositoryContext, "files-tree", "/a/b/{kind}/files-tree/tip/src", 5),
    (RepositoryContext, "annotate", "/a/b/{kind}/annotate/tip/src/x.py", 8),
    (RepositoryContext, "raw", "/a/b/{kind}/raw/tip/src/x.py", 5),
    (RepositoryContext, "rawfile", "/a/b/{kind}/rawfile/tip/src/x.py", 5),
    (RepositoryContext, "edit", "/a/b/{kind}-own/edit/tip/src/x.py", 5),
    (RepositoryContext, "delete", "/a/b/{kind}-own/delete/tip/src/x.py", 5),
    (RepositoryContext, "add", "/a/b/{kind}-own/add/tip/src", 5),
    (RepositoryContext, "upload", "/a/b/{kind}-own/upload/tip/src", 5),
    (RepositoryContext, "archive", "/a/b/{kind}/archive/tip.zip", 5),
    (RepositoryContext, "branches", "/a/b/{kind}/branches", 9),
    (RepositoryContext, "refs-menu", "/a/b/{kind}/refs-menu?to=files", 5),
    (RepositoryContext, "changelog", "/a/b/{kind}/changelog", 9),
    (RepositoryContext, "changelog-count", "/a/b/{kind}/changelog-count/tip", 5),
    (RepositoryContext, "changeset", "/a/b/{kind}/changeset/tip", 8),
    (RepositoryContext, "changeset-file", "/a/b/{kind}/changeset-file/tip/src/x.py", 8),
    (RepositoryContext, "changeset-lines", "/a/b/{kind}/changeset-lines/tip/README.md?old=1&new=1", 5),
    (RepositoryContext, "changeset-diff", "/a/b/{kind}/changeset-diff/tip", 5),
    (RepositoryContext, "raw-changeset", "/a/b/{kind}/raw-changeset/tip", 5),
    (RepositoryContext, "changeset-patch", "/a/b/{kind}/changeset-patch/tip", 5),
    (RepositoryContext, "changeset-download", "/a/b/{kind}/changeset-download/tip", 5),
    (RepositoryContext, "compare", "/a/b/{kind}/compare", 9),
    (RepositoryContext, "compare", "/a/b/{kind}/compare/tip...tip", 8),
    (RepositoryContext, "compare", "/a/b/{kind}/compare/tip..tip?other_repo=a/b/{kind}-fork", 11),
    (RepositoryContext, "compare-file", "/a/b/{kind}/compare-file/{first}...tip/src/x.py", 8),
    (RepositoryContext, "compare-lines", "/a/b/{kind}/compare-lines/{first}...{first}/README.md?old=1&new=1", 5),
    (RepositoryContext, "compare-diff", "/a/b/{kind}/compare-diff/tip...tip", 5),
    (RepositoryContext, "forks", "/a/b/{kind}/forks", 9),
    (RepositoryContext, "fork", "/a/b/{kind}/fork", 9),
    (RepositoryContext, "followers", "/a/b/{kind}/followers", 9),
    (RepositoryContext, "settings", "/a/b/{kind}/settings", 9),
    (RepositoryContext, "settings/delete", "/a/b/{kind}/settings/delete", 8),
    (RepositoryContext, "settings/fields", "/a/b/{kind}/settings/fields", 9),
)


@pytest.mark.parametrize(
    ("address", "most", "kind"),
    [(address, most, kind) for _, _, address, most in _PAGES for kind in Kind if "{" in address or kind is Kind.GIT],
)
def test_statements_of_a_page(harbour: Harbour, address: str, most: int, kind: Kind) -> None:
    site = harbour.site
    named = address.format(kind=kind, task=harbour.task_id, first=harbour.first[kind])
    browser = site.browser("ada")
    with counted(site.application.engine) as statements:
        assert get(browser, named).status_int in (200, 303)
    assert len(statements) <= most, statements


def test_every_page_has_its_number_of_statements() -> None:
    """A new page fails here until it has an address above."""
    config = Configurator()
    add_features(config)
    assert {(context, name) for context, name, _, _ in _PAGES} == config.registry.pages.names("GET")


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
    "page", ["annotate/tip/src/x.py", "changelog/tip", "changelog/tip/src", "files/tip/README.md", "files-names/tip"]
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
    assert answers[0].body == answers[1].body
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
