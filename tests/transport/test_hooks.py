"""The operator's programs around pushes of real clients."""

import errno
import os
import pathlib
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from kallithea.vcs.hooks import HookCall, Hooks
from kallithea.vcs.types import Kind, RefUpdate
from tests.transport.site import HG, Clients, Done, Server, Site, hg_log, serve

pytestmark = pytest.mark.slow

WORDS = "echo hello from $KALLITHEA_KIND; cat; env >> $0.env"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("hooks")


@pytest.fixture(scope="module")
def server(site: Site, folder: pathlib.Path) -> Iterator[Server]:
    with serve(site.folder, settings=f"hook_dir={folder} hook_time_limit=2") as server:
        yield server


@pytest.fixture(autouse=True)
def no_hooks(folder: pathlib.Path) -> Iterator[None]:
    yield
    for path in folder.iterdir():
        path.unlink()


@pytest.fixture(params=list(Kind))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def write_hook(folder: pathlib.Path, name: str, commands: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{commands}\n")
    (folder / name).chmod(0o755)


def push(clients: Clients, url: str, kind: Kind) -> Done:
    if kind is Kind.HG:
        return clients.hg("push", url, cwd=clients.hg_repository().path)
    return clients.git("push", url, "main", cwd=clients.git_repository())


def commits(clients: Clients, site: Site, path: str, kind: Kind) -> int:
    if kind is Kind.HG:
        return len(hg_log(site.disk(path)))
    return int(clients.git("rev-list", "--all", "--count", cwd=site.disk(path)).output)


@pytest.mark.parametrize("name", ["pre-receive", "post-receive"])
def test_hook_knows_the_push_and_its_words_reach_the_client(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, kind: Kind, name: str
) -> None:
    path = site.add(kind)
    write_hook(folder, name, WORDS)
    pushed = push(clients, server.url(path), kind)

    assert pushed.status == 0, pushed.words
    assert f"remote: hello from {kind}" in pushed.words
    ref = "heads/default" if kind is Kind.HG else "refs/heads/main"
    assert f"remote: {'0' * 40} " in pushed.words
    assert f" {ref}" in pushed.words
    facts = (folder / f"{name}.env").read_text()
    assert f"KALLITHEA_REPOSITORY={path}\n" in facts
    assert "KALLITHEA_USER=ada\n" in facts
    assert "KALLITHEA_REQUEST_ID=" in facts
    assert site.outcomes(path) == ["recorded"]


def test_hook_refuses_a_push_in_its_own_words(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, kind: Kind
) -> None:
    path = site.add(kind)
    write_hook(folder, "pre-receive", "echo not on Fridays; exit 1")
    refused = push(clients, server.url(path), kind)

    assert refused.status == (255 if kind is Kind.HG else 1)
    assert "not on Fridays" in refused.words
    assert commits(clients, site, path, kind) == 0
    assert site.outcomes(path) == ["nothing"]


def test_hook_sees_what_is_pushed_before_anybody_else(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, kind: Kind
) -> None:
    path = site.add(kind)
    # What hg itself reads when HG_PENDING is set.
    hg = "test -s $HG_PENDING/.hg/store/00changelog.i.a && echo seen a commit"
    show = hg if kind is Kind.HG else "git log --format='seen %s' $new"
    write_hook(folder, "pre-receive", f"read old new ref; {show}")
    pushed = push(clients, server.url(path), kind)
    assert pushed.status == 0, pushed.words
    assert "remote: seen a" in pushed.words


def test_no_hook_is_told_of_a_name_that_would_be_further_lines(
    folder: pathlib.Path, tmp_path: pathlib.Path, kind: Kind
) -> None:
    write_hook(folder, "pre-receive", f"cat > {tmp_path}/told")
    with pytest.raises(ValueError, match="further lines"):
        HookCall(Hooks(folder), kind, tmp_path).ask([RefUpdate(b"heads/x\n0 1 heads/release", None, "1" * 40)])
    assert not (tmp_path / "told").exists()


def is_running(process_id: str) -> bool:
    """Whether there is such a process that nobody has ended: one that is ended has no arguments any more."""
    arguments = pathlib.Path("/proc", process_id, "cmdline")
    return arguments.exists() and arguments.read_bytes() != b""


@pytest.mark.parametrize("name", ["pre-receive", "post-receive"])
def test_hook_that_hangs_is_ended_with_all_that_it_started(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, kind: Kind, name: str
) -> None:
    path = site.add(kind)
    write_hook(folder, name, f"sleep 1000 & echo $! > {folder}/pid; wait")
    pushed = push(clients, server.url(path), kind)

    assert (pushed.status == 0) is (name == "post-receive"), pushed.words
    assert "took longer than 2 seconds" in pushed.words
    assert not is_running((folder / "pid").read_text().strip())
    assert commits(clients, site, path, kind) == (1 if name == "post-receive" else 0)


def test_what_post_receive_leaves_in_the_background_goes_on(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, kind: Kind
) -> None:
    write_hook(folder, "post-receive", 'cat >/dev/null; (sleep 0.5; touch "$0.done") >/dev/null 2>&1 </dev/null &')
    assert push(clients, server.url(site.add(kind)), kind).status == 0
    deadline = time.monotonic() + 30
    while not (folder / "post-receive.done").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["pre-receive", "post-receive"])
def test_background_that_holds_the_output_of_a_hook_does_not_hold_the_push(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, kind: Kind, name: str
) -> None:
    write_hook(folder, name, f"echo judged; sleep 1000 & echo $! > {folder}/pid")
    pushed = push(clients, server.url(site.add(kind)), kind)
    process_id = (folder / "pid").read_text().strip()

    assert pushed.status == 0, pushed.words
    assert "remote: judged" in pushed.words
    assert "took longer" not in pushed.words
    # Who judges has nothing to go on with; of builds that is what they are started for.
    assert is_running(process_id) is (name == "post-receive")
    if name == "post-receive":
        os.kill(int(process_id), signal.SIGKILL)


@pytest.mark.parametrize("name", ["pre-receive", "post-receive"])
def test_options_of_a_push_reach_the_hook(
    site: Site, server: Server, clients: Clients, folder: pathlib.Path, name: str
) -> None:
    write_hook(folder, name, 'echo "$GIT_PUSH_OPTION_COUNT: $GIT_PUSH_OPTION_0, $GIT_PUSH_OPTION_1"')
    url = server.url(site.add(Kind.GIT))
    pushed = clients.git("push", "-o", "no build", "-o", "x=y", url, "main", cwd=clients.git_repository())
    assert "remote: 2: no build, x=y" in pushed.words


LEFT = """
setsid sh -c 'echo $$ > {0}/session; exec sleep 1000' &
timeout 1000 sh -c 'echo $$ > {0}/group; exec sleep 1000' &
echo $$ > {0}/leader
wait
"""


@pytest.mark.parametrize("name", ["pre-receive", "post-receive"])
def test_all_that_a_hook_has_started_ends_when_its_client_is_gone(
    site: Site, clients: Clients, folder: pathlib.Path, kind: Kind, name: str
) -> None:
    path = site.add(kind)
    write_hook(folder, name, LEFT.format(folder))
    files = [folder / file for file in ("session", "group", "leader")]
    with serve(site.folder, settings=f"hook_dir={folder} hook_time_limit=600") as server:
        work = clients.hg_repository().path if kind is Kind.HG else clients.git_repository()
        command = [HG, "push"] if kind is Kind.HG else ["git", "push", "--all"]
        with clients.started(*command, server.url(path), cwd=work):
            wait_until(lambda: all(file.exists() and file.read_text() for file in files))
        wait_until(lambda: not any(is_running(file.read_text().strip()) for file in files))
        wait_until(lambda: site.outcomes(path) == ["recorded" if name == "post-receive" else "nothing"])
    assert commits(clients, site, path, kind) == (1 if name == "post-receive" else 0)


def wait_until(is_so: Callable[[], bool]) -> None:
    """No client's children may live on for longer."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_hook_without_room_for_what_it_reads_is_no_failure_of_the_push(
    folder: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_hook(folder, "post-receive", "cat")
    write_hook(folder, "pre-receive", "cat")
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    call = HookCall(Hooks(folder, 2), Kind.GIT, tmp_path)

    assert call.tell([RefUpdate(b"refs/heads/main", None, "1" * 40)]) == b"It cannot be run.\n"
    assert call.judge(b"line\n", {})[0] != 0
