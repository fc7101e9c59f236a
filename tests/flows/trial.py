"""``scripts/trial``: the newcomer's run with repositories of any size, on each way to serve."""

import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.doors import servers
from tests.doors.sites import OperatorsSite, make_site
from tests.flows.memory import Watch, anonymous_memory
from tests.flows.newcomer import Newcomer, Transcript
from tests.transport.site import Clients

WAYS = {
    way.__name__: way
    for way in (
        servers.kallithea_serve,
        servers.pserve,
        servers.paster_serve,
        servers.gearbox_serve,
        servers.gunicorn_paste,
        servers.apache,
    )
}
_BULK_FILES = 50
_BULK_BYTES = 10_000_000


def main(arguments: Sequence[str]) -> None:
    """Try the ways that are named, or all. Exits with words when it is called wrongly."""
    unknown = set(arguments[2:]) - WAYS.keys()
    if len(arguments) < 2 or unknown:
        sys.exit(f"usage: scripts/trial GIT HG [WAY ...]; the ways are {' '.join(WAYS)}")
    git_source, hg_source = (Path(name).resolve() for name in arguments[:2])
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    clients = Clients(Path.cwd())
    for version in (clients.git("--version"), clients.hg("--version", "--quiet")):
        print(version.output.strip())
    with tempfile.TemporaryDirectory(prefix="kallithea-trial-") as name:
        bulk = _make_bulk(Clients(Path(name)))
        for way in arguments[2:] or WAYS:
            print(f"\n{way}")
            _try(way, Path(name), git_source, hg_source, bulk)


def _try(way: str, folder: Path, git_source: Path, hg_source: Path, bulk: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        for part in ("site", "clients"):
            (Path(name) / part).mkdir()
        site = make_site(Path(name) / "site")
        with servers.serving(site, WAYS[way]) as server:
            watch = Watch(server.pid)
            watch.start()
            Newcomer(site, Path(name) / "clients", git_source, hg_source).try_everything()
            _push_and_clone_bulk(site, Clients(Path(name) / "clients"), bulk)
            watch.end()
            held = max(anonymous_memory(server.pid).values())
            print(f"            memory of one web process: {held // 1000} MB, at most {watch.peak // 1000} MB")


def _make_bulk(clients: Clients) -> Path:
    """A repository of 500 MB that no client can make smaller."""
    folder = clients.git_repository("bulk")
    # looking for likeness in random bytes would take the client minutes
    assert clients.git("config", "pack.window", "0", cwd=folder).status == 0
    for number in range(_BULK_FILES):
        (folder / f"{number}.bin").write_bytes(os.urandom(_BULK_BYTES))
    assert clients.git("add", ".", cwd=folder).status == 0
    assert clients.git("commit", "--quiet", "--message", "bulk", cwd=folder).status == 0
    return folder


def _push_and_clone_bulk(site: OperatorsSite, clients: Clients, bulk: Path) -> None:
    address = site.url("git", "ada:correct%20horse%20battery@")
    transcript = Transcript()
    with transcript.step("git push of 500 MB"):
        done = clients.git("push", "--quiet", address, "main", cwd=bulk)
        assert done.status == 0, done.words
    with transcript.step("git clone of 500 MB"):
        done = clients.git("clone", "--quiet", "--bare", address, "clone-bulk")
        assert done.status == 0, done.words


if __name__ == "__main__":
    main(sys.argv[1:])
