"""Phases, as the real hg sees them: a repository that is not publishing leaves drafts as they are."""

import pathlib

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, hg_log

EVOLVE = ["extensions.evolve=", "extensions.topic=!"]
#: Clients of both ways in which phases are exchanged: within the bundle, and by a command of their own.
WAYS = [[], ["devel.legacy.exchange=phases,bookmarks"]]


def publish(site: Site, path: str, *, publishing: bool) -> None:
    change = RepositoryChange(publishing=publishing)
    with writing(site.application) as services:
        services.repository_settings.update(COMMAND_LINE, None, site.repository_id(path), change)


@pytest.fixture
def path(site: Site) -> str:
    """A repository that is not publishing."""
    path = site.add(Kind.HG)
    publish(site, path, publishing=False)
    return path


def clone(clients: Clients, url: str, name: str, config: list[str]) -> pathlib.Path:
    cloned = clients.hg("clone", "-U", url, name, config=config)
    assert cloned.status == 0, cloned.words
    return clients.folder / name


@pytest.mark.parametrize("config", WAYS, ids=["bundle", "keys"])
def test_drafts_stay_drafts(site: Site, server: Server, clients: Clients, path: str, config: list[str]) -> None:
    work = clients.hg_repository(commits=2)
    (_first, (second, _)) = hg_log(work.path)
    work.set_phase(second, "draft")
    ids = [commit_id for commit_id, _phase in hg_log(work.path)]
    pushed = clients.hg("push", server.url(path), cwd=work.path, config=config)
    assert pushed.status == 0, pushed.words
    wanted = [(ids[0], hg_log(work.path)[0][1]), (second, "draft")]
    assert hg_log(work.path) == wanted
    assert hg_log(site.disk(path)) == wanted
    assert hg_log(clone(clients, server.url(path), "copy", config)) == wanted


def test_whoever_pulls_again_after_the_setting_has_changed_sees_it(
    site: Site, server: Server, clients: Clients, path: str
) -> None:
    work = clients.hg_repository()
    ((only, _),) = hg_log(work.path)
    work.set_phase(only, "draft")
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    copy = clone(clients, server.url(path), "copy", [])
    assert hg_log(copy) == [(only, "draft")]
    publish(site, path, publishing=True)
    clients.hg("pull", server.url(path), cwd=copy)
    assert hg_log(copy) == [(only, "public")]
    assert hg_log(clone(clients, server.url(path), "other", [])) == [(only, "public")]


def test_secret_changesets_never_leave(site: Site, server: Server, clients: Clients, path: str) -> None:
    work = clients.hg_repository(commits=2)
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    ((first, _), (second, _)) = hg_log(work.path)
    hidden = clients.hg("phase", "--force", "--secret", second, cwd=site.disk(path))
    assert hidden.status == 0, hidden.words
    assert [commit_id for commit_id, _phase in hg_log(clone(clients, server.url(path), "copy", []))] == [first]
    assert "unknown revision" in clients.hg("pull", "-r", second, server.url(path), cwd=clients.folder / "copy").errors


def test_rewritten_draft_replaces_the_old_one_for_everybody(
    site: Site, server: Server, clients: Clients, path: str
) -> None:
    work = clients.hg_repository()
    old = work.commit({b"draft.txt": b"one\n"})
    root = hg_log(work.path)[0][0]
    work.set_phase(old, "draft")
    assert clients.hg("push", server.url(path), cwd=work.path, config=EVOLVE).status == 0
    copy = clone(clients, server.url(path), "copy", EVOLVE)
    new = work.commit({b"draft.txt": b"two\n"}, parents=(root,))
    work.set_phase(new, "draft")
    work.obsolete(old, new)
    pushed = clients.hg("push", server.url(path), cwd=work.path, config=EVOLVE)
    assert pushed.status == 0, "no new head, since the old one is obsolete: " + pushed.words
    assert clients.hg("pull", server.url(path), cwd=copy, config=EVOLVE).status == 0
    seen = clients.hg("log", "-T", "{node}\n", cwd=copy, config=EVOLVE).output.split()
    assert seen == [new, root]
