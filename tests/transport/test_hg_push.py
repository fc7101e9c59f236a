"""Pushing with the real hg: what moves, what is recorded, and what the person who pushes is told."""

import concurrent.futures
import os

import pytest

from kallithea.vcs.hg.mercurial_setup import lock
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, build_on, hg_bookmarks, hg_log, request

EVOLVE = ["extensions.evolve=", "extensions.topic=!"]


def test_push_moves_heads_and_is_journalled(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository(commits=2)
    pushed = clients.hg("push", server.url(path), cwd=work.path)
    assert pushed.status == 0, pushed.words
    assert "remote: added 2 changesets with 2 changes to 2 files" in pushed.output
    ((tip, _),) = hg_log(work.path, b"tip")
    assert hg_log(site.disk(path), b"head()") == [(tip, "public")]
    assert hg_log(work.path, b"tip") == [(tip, "public")]
    assert site.outcomes(path) == ["recorded"]
    ((name, details),) = site.journal(path)
    assert name == "ada"
    assert "heads/default" in details
    assert tip in details


@pytest.mark.parametrize("config", [[], ["devel.legacy.exchange=bookmarks,phases,obsmarkers"]])
def test_bookmarks_are_pushed_moved_and_deleted(
    site: Site, server: Server, clients: Clients, config: list[str]
) -> None:
    path = site.add(Kind.HG)
    push = ("push", "-B", "feature", server.url(path))
    work = clients.hg_repository()
    ((first, _),) = hg_log(work.path)
    work.bookmark(b"feature", first)
    assert clients.hg(*push, cwd=work.path, config=config).status == 0
    assert hg_bookmarks(site.disk(path)) == {"feature": first}
    second = work.commit({b"more.txt": b"more\n"})
    work.bookmark(b"feature", second)
    assert clients.hg(*push, cwd=work.path, config=config).status == 0
    assert hg_bookmarks(site.disk(path)) == {"feature": second}
    work.delete_bookmark(b"feature")
    assert clients.hg(*push, cwd=work.path, config=config).status == 1, "no changesets were pushed"
    assert hg_bookmarks(site.disk(path)) == {}
    assert set(site.outcomes(path)) == {"recorded"}
    text = "".join(details for _, details in site.journal(path))
    assert "bookmarks/feature" in text
    assert first in text
    assert second in text


def test_new_head_is_refused_by_the_client_and_forced_by_it(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    root = work.commit({b"root": b"root"})
    work.commit({b"one": b"one"})
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    work.commit({b"two": b"two"}, parents=(root,))
    refused = clients.hg("push", server.url(path), cwd=work.path)
    assert refused.status == 255
    assert "push creates new remote head" in refused.errors
    assert clients.hg("push", "-f", server.url(path), cwd=work.path).status == 0
    assert len(hg_log(site.disk(path), b"head()")) == 2


def test_large_push(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    work.commit({b"large": os.urandom(20 << 20)})
    pushed = clients.hg("push", server.url(path), cwd=work.path)
    assert pushed.status == 0, pushed.words
    assert clients.hg("verify", cwd=site.disk(path)).status == 0


def test_obsolescence_is_exchanged(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    url = server.url(path)
    work = clients.hg_repository()
    old = work.commit({b"draft.txt": b"one\n"})
    new = work.commit({b"draft.txt": b"two\n"}, parents=(hg_log(work.path)[0][0],))
    work.obsolete(old, new)
    pushed = clients.hg("push", url, cwd=work.path, config=EVOLVE)
    assert pushed.status == 0, pushed.words
    assert "1 new obsolescence markers" in pushed.words
    assert clients.hg("clone", "-U", url, "copy", config=EVOLVE).status == 0
    markers = clients.hg("debugobsolete", cwd=clients.folder / "copy", config=EVOLVE)
    assert markers.output.startswith(f"{old} {new}")


def test_second_push_of_nothing_records_nothing(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    again = clients.hg("push", server.url(path), cwd=work.path)
    assert again.status == 1
    assert "no changes found" in again.output
    assert len(site.journal(path)) == 1


def test_only_one_of_several_pushes_on_a_head_wins(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    url = server.url(path)
    clients.hg("push", url, cwd=clients.hg_repository().path)
    copies = [clients.folder / f"copy{number}" for number in range(3)]
    for number, copy in enumerate(copies):
        assert clients.hg("clone", "-U", url, copy).status == 0
        build_on(copy).commit({b"from%d.txt" % number: b"text"})
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda copy: clients.hg("push", url, cwd=copy), copies))
    assert sorted(one.status for one in done) == [0, 255, 255]
    told = [one.words for one in done if one.status]
    assert all("push creates new remote head" in words or "repository changed" in words for words in told), told
    assert len(hg_log(site.disk(path), b"head()")) == 1
    assert len(site.journal(path)) == 2
    assert None not in site.outcomes(path)


def test_configuration_of_the_repository_does_nothing(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    trace = clients.folder / "ran"
    (site.disk(path) / ".hg/hgrc").write_text(
        f"[hooks]\npretxnclose=touch {trace}\nchangegroup=touch {trace}\n[phases]\npublish=no\n"
    )
    assert clients.hg("push", server.url(path), cwd=clients.hg_repository().path).status == 0
    assert not trace.exists()
    assert hg_log(site.disk(path), b"tip")[0][1] == "public"


def test_push_whose_connection_was_closed_meanwhile_is_explained(site: Site, server: Server) -> None:
    """The client then sends the rest of the bundle on a new connection, where its arguments should be."""
    path = site.add(Kind.HG)
    headers = {"Content-Type": "application/mercurial-0.1", "X-HgArgs-Post": "16"}
    answer = request(server, "POST", f"/{path}?cmd=unbundle", b"the middle of a bundle", user="ada", headers=headers)
    assert answer.status == 400
    assert "The beginning of the push is missing" in answer.reason


def test_lock_of_a_dead_push_whose_number_another_process_has_got_is_broken(
    site: Site, server: Server, clients: Clients
) -> None:
    path = site.add(Kind.HG)
    link = site.disk(path) / ".hg/store/lock"
    link.symlink_to(f"{os.fsdecode(lock._getlockprefix())}:{os.getpid()}")
    os.utime(link, (0, 0), follow_symlinks=False)
    pushed = clients.hg("push", server.url(path), cwd=clients.hg_repository().path)
    assert pushed.status == 0, pushed.words
    assert site.outcomes(path) == ["recorded"]
