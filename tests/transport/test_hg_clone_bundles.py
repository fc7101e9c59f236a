"""Bundles of whole histories, made by upkeep and taken by the real hg."""

import pytest

from kallithea.services import clone_bundles
from kallithea.services.upkeep import keep_up
from kallithea.vcs.types import Kind, LimitExceededError
from kallithea.vcs.upkeep import Outcome
from tests.transport.site import Clients, Done, Server, Site, build_on, hg_log, request

PROTOCOL = {"X-HgProto-1": "0.1 0.2 comp=zstd,zlib,none"}
TAKEN = "applying clone bundle from peer-bundle-cache://"


@pytest.fixture
def path(site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """A private repository with three changesets and their bundle; however small it is, one is worth it."""
    monkeypatch.setattr(clone_bundles, "_WORTH", 1)
    path = site.add(Kind.HG, private=True)
    builder = build_on(site.disk(path))
    for number in range(3):
        builder.set_phase(builder.commit({b"file%d" % number: b"text\n"}), "public")
    assert renew(site, path) is Outcome.DONE
    return path


def renew(site: Site, path: str) -> Outcome:
    steps = keep_up(site.application, site.repository_id(path), heavy=True).steps
    return next(step.outcome for step in steps if step.name == "clone bundle")


def clone(clients: Clients, server: Server, path: str, name: str = "copy", *options: str) -> Done:
    cloned = clients.hg("clone", "-U", *options, server.url(path), name)
    assert cloned.status == 0, cloned.words
    assert clients.hg("verify", "-q", cwd=clients.folder / name).status == 0
    return cloned


def test_clone_takes_the_bundle_and_pulls_what_is_newer(
    path: str, site: Site, server: Server, clients: Clients
) -> None:
    assert renew(site, path) is Outcome.NOT_NEEDED
    builder = build_on(site.disk(path))
    builder.set_phase(builder.commit({b"new": b"new\n"}), "public")
    cloned = clone(clients, server, path)
    assert TAKEN in cloned.output
    assert "added 3 changesets" in cloned.output
    assert "added 1 changesets" in cloned.output
    assert hg_log(clients.folder / "copy") == hg_log(site.disk(path))


def test_whoever_may_not_read_is_told_of_no_bundle(path: str, server: Server, clients: Clients) -> None:
    refused = clients.hg("clone", server.url(path, user="bob"), "copy")
    assert (refused.status, TAKEN in refused.words) == (255, False)


def test_bundle_with_what_became_secret_is_not_told_and_not_sent(
    path: str, site: Site, server: Server, clients: Clients
) -> None:
    """Not even to somebody who remembers its name; the next upkeep makes another one."""
    (*_, (tip, _)) = hg_log(site.disk(path))
    hidden = clients.hg("phase", "--force", "--secret", tip, cwd=site.disk(path))
    assert hidden.status == 0, hidden.words
    assert TAKEN not in clone(clients, server, path).output
    assert len(hg_log(clients.folder / "copy")) == 2
    wanted = f"/{path}?cmd=get_cached_bundle_inline&path={tip}"
    assert b"There is no such bundle" in request(server, "GET", wanted, user="ada", headers=PROTOCOL).body
    assert renew(site, path) is Outcome.DONE
    assert TAKEN in clone(clients, server, path, "other").output
    assert len(hg_log(clients.folder / "other")) == 2


def test_bundle_that_is_gone_is_not_told_and_is_made_for_whoever_was_told(
    path: str, site: Site, server: Server, clients: Clients
) -> None:
    (*_, (tip, _)) = hg_log(site.disk(path))
    wanted = f"/{path}?cmd=get_cached_bundle_inline&path={tip}"
    whole = request(server, "GET", wanted, user="ada", headers=PROTOCOL)
    for file in (site.folder / "packs").iterdir():
        file.unlink()
    assert TAKEN not in clone(clients, server, path).output
    assert request(server, "GET", wanted, user="ada", headers=PROTOCOL).body == whole.body
    assert TAKEN in clone(clients, server, path, "other").output


def test_bundle_for_which_time_is_over_is_given_up_and_made_next_time(
    path: str, site: Site, server: Server, clients: Clients
) -> None:
    packs = site.folder / "packs"
    for file in packs.iterdir():
        file.unlink()
    repository_id = site.repository_id(path)
    (step,) = clone_bundles.steps_for(site.application, repository_id, Kind.HG, site.disk(path))
    with pytest.raises(LimitExceededError):
        step.work(0)
    assert list(packs.iterdir()) == []
    assert TAKEN not in clone(clients, server, path).output
    assert renew(site, path) is Outcome.DONE
    assert TAKEN in clone(clients, server, path, "other").output


def test_without_a_store_no_bundle_is_told_and_clones_go_on(
    path: str, site: Site, server: Server, clients: Clients
) -> None:
    (*_, (tip, _)) = hg_log(site.disk(path))
    packs = site.folder / "packs"
    aside = packs.rename(site.folder / "aside")
    packs.write_text("")
    try:
        assert TAKEN not in clone(clients, server, path).output
        wanted = f"/{path}?cmd=get_cached_bundle_inline&path={tip}"
        assert b"Clone again" in request(server, "GET", wanted, user="ada", headers=PROTOCOL).body
    finally:
        packs.unlink()
        aside.rename(packs)


@pytest.mark.parametrize("name", ["", "0" * 40, "f" * 40, "../../store/00changelog.i", "x" * 40])
def test_names_of_no_bundle(path: str, server: Server, name: str) -> None:
    wanted = f"/{path}?cmd=get_cached_bundle_inline&path={name}"
    assert b"There is no such bundle" in request(server, "GET", wanted, user="ada", headers=PROTOCOL).body
