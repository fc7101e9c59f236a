"""Probes with addresses in repositories and accounts: this server asks none of them, and tells nobody."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from kallithea.core.access import Level
from kallithea.services.upkeep import keep_up
from kallithea.services.work import writing
from kallithea.vcs.opener import fork_repository
from kallithea.vcs.types import Kind
from kallithea.web.ui.people import avatar_code
from tests.factories.repositories import Content, GitBuilder, RepositoryBuilder, Submodule
from tests.security.pages import visit
from tests.web.site import Site, get


class Listener:
    """A server on this machine that only counts who connects."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        # a thread that waits in accept() notices nothing of close()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, caller = self._socket.accept()
            except OSError:
                return
            self.calls.append(caller)
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    site.user("root", administrator=True)
    return site.repository("r", request.param)


def test_the_listener_counts(listener: Listener) -> None:
    host, port = listener.address.split(":")
    with socket.create_connection((host, int(port))) as connection:
        assert connection.recv(1) == b""
    assert len(listener.calls) == 1


def test_p26_nothing_that_a_repository_names_is_fetched(
    site: Site, builder: RepositoryBuilder, listener: Listener
) -> None:
    commit_id = builder.commit(_files_that_name(builder.kind, f"http://{listener.address}/x"))
    builder.commit({b"README.md": f"![x](http://{listener.address}/y.png)".encode()})
    _configure(builder, f"http://{listener.address}/x")

    for address, answer in visit(site.browser("root"), commit_id, "sub", "big", "README.md").items():
        assert answer.status_int in (200, 303, 404), (address, answer.text)
    keep_up(site.application, int(site.path_of("r").removeprefix("/_")), heavy=True)
    copy = builder.path.with_name("copy")
    fork_repository(builder.kind, builder.path, copy, site.application.vcs_options, lambda percent, step: None)

    assert listener.calls == []


def _files_that_name(kind: Kind, address: str) -> dict[bytes, Content]:
    """Everything in a commit by which clients find further places."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"1" * 64 + b"\nsize 12\n"
    files: dict[bytes, Content] = {
        b"big": pointer,
        b".lfsconfig": f"[lfs]\n\turl = {address}\n".encode(),
        b".gitattributes": b"big filter=lfs diff=lfs merge=lfs -text\n",
        b"README.md": f"![x]({address}) <img src='{address}'>\n".encode(),
        b"README.rst": f".. image:: {address}\n\n.. csv-table:: x\n   :url: {address}\n".encode(),
    }
    if kind is Kind.GIT:
        files[b".gitmodules"] = f'[submodule "sub"]\n\tpath = sub\n\turl = {address}\n'.encode()
        files[b"sub"] = Submodule("1" * 40)
    else:
        files[b".hgsub"] = f"sub = {address}\nother = [git]{address}\n".encode()
        files[b".hgsubstate"] = b"1" * 40 + b" other\n" + b"1" * 40 + b" sub\n"
    return files


def _configure(builder: RepositoryBuilder, address: str) -> None:
    """What lies beside the commits, and names places for clients of this repository."""
    if isinstance(builder, GitBuilder):
        with (builder.path / "config").open("a") as config:
            config.write(
                f'[remote "origin"]\n\turl = {address}\n\tpromisor = true\n[fetch]\n\tbundleURI = {address}\n'
                f'[bundle]\n\tversion = 1\n\tmode = all\n[bundle "x"]\n\turi = {address}\n[lfs]\n\turl = {address}\n'
            )
        return
    (builder.path / ".hg/hgrc").write_text(f"[paths]\ndefault = {address}\n[lfs]\nurl = {address}\n")
    (builder.path / ".hg/clonebundles.manifest").write_text(f"{address}\n")


def test_p27_pictures_of_people_are_drawn_here(site: Site, builder: RepositoryBuilder, listener: Listener) -> None:
    place = f"http://{listener.address}/me.png"
    with writing(site.application) as services:
        root = services.users.get("root")
        root.email = f"{place}@example.org"
        services.repositories.get("r").owner_id = root.user_id
    commit_id = builder.commit({b"a": b"1"}, author=f"Ada <{place}>".encode())

    found = set[str]()
    for answer in visit(site.browser("root"), commit_id, "a").values():
        if answer.content_type == "text/html":
            assert "gravatar" not in answer.text.lower()
            found |= {str(image["src"]) for image in BeautifulSoup(answer.text, "html.parser").select("img[src]")}

    assert f"/_avatar/{avatar_code(place)}" in found
    assert {address for address in found if not address.startswith("/_avatar/")} == set()
    assert get(site.browser(), f"/_avatar/{place}").status_int == 404
    assert listener.calls == []
