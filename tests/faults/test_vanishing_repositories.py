"""F16: a repository is deleted, and another one made at its place, or it gets another name, while somebody pushes."""

import concurrent.futures
import contextlib
import pathlib
from collections.abc import Iterator

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import RemoveFolder
from kallithea.services.handlers import HANDLERS
from kallithea.services.repository_creation import create_repository
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.work import writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.factories.writing import verify
from tests.transport.site import Clients, Done, Server, Site, serve
from tests.transport.test_faults import commits, push
from tests.transport.test_hooks import wait_until, write_hook

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.application.close()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with a hook that tells when it began, and ends when it may."""
    folder = tmp_path_factory.mktemp("hooks")
    write_hook(folder, "pre-receive", f"touch {folder}/begun; while [ ! -e {folder}/go ]; do sleep 0.02; done")
    return folder


@pytest.fixture(scope="module")
def server(site: Site, hooks: pathlib.Path) -> Iterator[Server]:
    with serve(site.folder, settings=f"hook_dir={hooks}") as server:
        yield server


@contextlib.contextmanager
def meanwhile(hooks: pathlib.Path, clients: Clients, server: Server, path: str, kind: Kind) -> Iterator[list[Done]]:
    """What the block does comes after a push has arrived and before its refs move; then the push ends."""
    for name in ("begun", "go"):
        (hooks / name).unlink(missing_ok=True)
    told: list[Done] = []
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        pushed = threads.submit(push, clients, server, path, kind)
        try:
            wait_until((hooks / "begun").exists)
            yield told
        finally:
            (hooks / "go").touch()
        told.append(pushed.result())


@pytest.mark.parametrize("kind", list(Kind))
def test_push_into_what_is_deleted_meanwhile_reaches_no_other(
    site: Site, server: Server, hooks: pathlib.Path, tmp_path: pathlib.Path, kind: Kind
) -> None:
    path, clients = site.add(kind), Clients(tmp_path)
    with meanwhile(hooks, clients, server, path, kind):
        with writing(site.application) as services:
            services.repositories.delete(COMMAND_LINE, services.repositories.get(path))
        Worker(site.application, HANDLERS, "worker", (RemoveFolder.queue,)).run_once()
        create_repository(site.application, COMMAND_LINE, None, kind=kind, path=path)
    assert commits(clients, site, path, kind) == 0
    again = push(clients, server, path, kind, "again")
    assert again.status == 0, again.words
    assert commits(clients, site, path, kind) == 1
    verify(kind, site.disk(path))


@pytest.mark.parametrize("kind", list(Kind))
def test_push_into_what_gets_another_name_meanwhile_is_there(
    site: Site, server: Server, hooks: pathlib.Path, tmp_path: pathlib.Path, kind: Kind
) -> None:
    path, clients = site.add(kind), Clients(tmp_path)
    with meanwhile(hooks, clients, server, path, kind) as told, writing(site.application) as services:
        change = RepositoryChange(name=f"{path}-renamed")
        services.repository_settings.update(COMMAND_LINE, None, site.repository_id(path), change)
    # hg asks once more when it has pushed, under the old name
    assert told[0].status == 0 or "There is no such repository" in told[0].words
    assert commits(clients, site, f"{path}-renamed", kind) == 1
    assert site.outcomes(f"{path}-renamed") == ["recorded"]
