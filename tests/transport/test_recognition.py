"""Which requests are for git and hg, and which repository they name."""

import pytest

from kallithea.transport.recognition import (
    GitAdvertisement,
    GitExchange,
    GitFile,
    GitService,
    HgCommand,
    LargeFiles,
    WireRequest,
    find_wire_request,
)

UP, DOWN = GitService.RECEIVE, GitService.UPLOAD


def find(method: str, path: str, query: str = "", **headers: str) -> WireRequest | None:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    return find_wire_request(environ | {f"HTTP_{name}": value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("method", "path", "query", "request_"),
    [
        ("GET", "/g/r/info/refs", "service=git-upload-pack", GitAdvertisement("g/r", DOWN)),
        ("GET", "/g/r.git/info/refs", "service=git-receive-pack", GitAdvertisement("g/r", UP)),
        ("POST", "/g/r/git-upload-pack", "", GitExchange("g/r", DOWN)),
        ("POST", "/g/r.git/git-receive-pack", "", GitExchange("g/r", UP)),
        ("POST", "/g/r/git-receive-pack", "service=git-upload-pack", GitExchange("g/r", UP)),
        ("GET", "/_12/info/refs", "service=git-upload-pack", GitAdvertisement("_12", DOWN)),
        ("GET", "/g/r/info/refs", "service=git-upload-archive", GitFile("g/r")),
        ("POST", "/g/r.git/info/lfs/objects/batch", "", LargeFiles()),
        ("POST", "/g/r/.git/info/lfs/objects/batch", "", LargeFiles()),
        ("GET", "/g/r", "cmd=capabilities", HgCommand("g/r", b"capabilities")),
        ("GET", "/g/r/", "cmd=heads", HgCommand("g/r", b"heads")),
        ("POST", "/r.hg", "cmd=unbundle", HgCommand("r", b"unbundle")),
        ("GET", "/r", "cmd=", HgCommand("r", b"")),
    ],
)
def test_wire(method: str, path: str, query: str, request_: WireRequest) -> None:
    assert find(method, path, query) == request_


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/", ""),
        ("GET", "/g/r", ""),
        ("GET", "/g/r/info/refs", ""),
        ("GET", "/g/r/HEAD", ""),
        ("GET", "/g/git-upload-pack", ""),
        ("GET", "/g/r/files/tip/objects/x", ""),
        ("GET", "/g/r/files/main/info/refs", "service=x"),
        ("GET", "/g/r/files/main/info/lfs/config", ""),
        ("HEAD", "/g/r/raw/main/info/lfs", ""),
        ("GET", "/g/r/files/main/a.git/objects/ab/" + "c" * 38, ""),
        ("GET", "/g/r/files/main/a.git/objects/pack/pack-abc.idx", ""),
        ("GET", "/g/r/raw/main/objects/info/packs", ""),
        ("GET", "/g/r/changelog", "command=heads"),
    ],
)
def test_pages(method: str, path: str, query: str) -> None:
    assert find(method, path, query) is None


@pytest.mark.parametrize(
    "file", ["HEAD", "info/refs", "objects/info/packs", f"objects/ab/{'c' * 38}", "objects/pack/pack-abc.idx"]
)
def test_files_that_could_be_names_are_meant_only_by_git(file: str) -> None:
    assert find("GET", f"/g/r/{file}", USER_AGENT="git/2.39.5") == GitFile("g/r")
    assert find("GET", f"/g/r/{file}", USER_AGENT="Mozilla/5.0") is None


def test_locks_of_large_files_are_asked_for_by_their_type() -> None:
    assert find("GET", "/g/r.git/info/lfs/locks", ACCEPT="application/vnd.git-lfs+json") == LargeFiles()
    assert find("GET", "/g/r.git/info/lfs/locks", ACCEPT="text/html") is None


def test_hg_is_known_by_what_it_accepts() -> None:
    assert find("GET", "/g/r", ACCEPT="application/mercurial-0.1") == HgCommand("g/r", b"")


def test_names_are_utf8_and_other_bytes_name_nothing() -> None:
    path = "/gr\u00fc\u00dfe".encode().decode("latin-1")
    assert find("GET", path, "cmd=heads") == HgCommand("gr\u00fc\u00dfe", b"heads")
    odd = find("GET", "/\xff", "cmd=heads")
    assert odd == HgCommand("\udcff", b"heads")


def test_endless_query_is_no_wire_request() -> None:
    with pytest.raises(ValueError, match="fields"):
        find("GET", "/g/r", "&".join(["cmd=heads"] * 2000))
