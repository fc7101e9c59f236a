"""Pulling with the real hg."""

import pytest

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, build_on, hg_log

EVOLVE = ["extensions.evolve=", "extensions.topic=!"]


@pytest.fixture
def filled(site: Site) -> str:
    """Path of a repository with three changesets."""
    path = site.add(Kind.HG)
    builder = build_on(site.disk(path))
    for number in range(3):
        builder.set_phase(builder.commit({b"file%d" % number: b"text\n"}), "public")
    return path


@pytest.mark.parametrize("config", [[], ["experimental.clientcompressionengines=zlib"]], ids=["best", "zlib"])
def test_clone_gets_everything(filled: str, server: Server, clients: Clients, config: list[str]) -> None:
    cloned = clients.hg("clone", "--pull", server.url(filled), "copy", config=config)
    assert cloned.status == 0, cloned.words
    assert clients.hg("verify", cwd=clients.folder / "copy").status == 0
    assert len(hg_log(clients.folder / "copy")) == 3


def test_clients_before_bundle2_are_told_to_upgrade(filled: str, server: Server, clients: Clients) -> None:
    refused = clients.hg("clone", "--pull", server.url(filled), "copy", config=["devel.legacy.exchange=bundle1"])
    assert refused.status == 255
    assert "incompatible Mercurial client; bundle2 required" in refused.errors


def test_clone_as_a_stream_gets_everything(filled: str, server: Server, clients: Clients) -> None:
    cloned = clients.hg("clone", "--stream", server.url(filled), "copy")
    assert cloned.status == 0, cloned.words
    assert "streaming all changes" in cloned.words
    assert len(hg_log(clients.folder / "copy")) == 3


@pytest.mark.parametrize("address", ["{}.hg", "{}/", "_{id}"])
def test_address_may_end_in_hg_or_be_the_permanent_one(
    filled: str, site: Site, server: Server, clients: Clients, address: str
) -> None:
    path = address.format(filled, id=site.repository_id(filled))
    assert clients.hg("clone", "-U", server.url(path), "copy").status == 0
    assert len(hg_log(clients.folder / "copy")) == 3


def test_reader_with_evolve_pulls_what_is_new(filled: str, site: Site, server: Server, clients: Clients) -> None:
    url = server.url(filled, "bob")
    assert clients.hg("clone", url, "copy", config=EVOLVE).status == 0
    build_on(site.disk(filled)).commit({b"new": b"new\n"})
    pulled = clients.hg("pull", url, cwd=clients.folder / "copy", config=EVOLVE)
    assert pulled.status == 0, pulled.words
    assert "added 1 changesets" in pulled.output


def test_secret_changesets_never_leave(filled: str, site: Site, server: Server, clients: Clients) -> None:
    builder = build_on(site.disk(filled))
    secret = builder.commit({b"secret.txt": b"secret\n"})
    builder.set_phase(secret, "secret")
    url = server.url(filled)
    for number, option in enumerate(("--stream", "--pull")):
        assert clients.hg("clone", "-U", option, url, f"copy{number}").status == 0
        assert len(hg_log(clients.folder / f"copy{number}")) == 3
    for revision in (secret, secret[:6], "e" * 40):
        refused = clients.hg("id", "-r", revision, url)
        assert refused.status == 255
        assert f"unknown revision '{revision}'" in refused.errors


@pytest.mark.slow
def test_heads_that_would_not_fit_into_headers(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    builder = build_on(site.disk(path))
    root = builder.commit({b"f": b"0"})
    for number in range(300):
        builder.commit({b"f": b"%d" % number}, parents=(root,))
    assert clients.hg("clone", "-U", server.url(path), "copy").status == 0
    builder.commit({b"g": b"new"}, parents=(root,))
    pulled = clients.hg("pull", server.url(path), cwd=clients.folder / "copy")
    assert pulled.status == 0, pulled.words
    assert len(hg_log(clients.folder / "copy")) == 302


def test_large_files_are_refused_in_words(filled: str, server: Server, clients: Clients) -> None:
    config = ["extensions.largefiles="]
    work = clients.folder / "work"
    assert clients.hg("clone", server.url(filled), work, config=config).status == 0
    (work / "large").write_bytes(b"x" * 1000)
    assert clients.hg("add", "--large", "large", cwd=work, config=config).status == 0
    assert clients.hg("commit", "-m", "large", cwd=work, config=config).status == 0
    refused = clients.hg("push", server.url(filled), cwd=work, config=config)
    assert refused.status == 255
    assert "does not appear to be a largefile store" in refused.errors


def test_pulling_writes_nothing_to_the_database(filled: str, site: Site, server: Server, clients: Clients) -> None:
    with site.application.engine.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA data_version").scalar()
        assert clients.hg("clone", server.url(filled), "copy").status == 0
        assert connection.exec_driver_sql("PRAGMA data_version").scalar() == before
