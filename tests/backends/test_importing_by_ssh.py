"""Imports by ssh: how the program is started, and that what it reaches is imported.

In the place of ssh stands a script that writes its arguments down and runs the command on this machine.
"""

import pathlib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kallithea.vcs.opener import VcsOptions, clone_repository, open_repository
from kallithea.vcs.remote import RemoteError, RemoteRules, SshOptions
from kallithea.vcs.types import Kind
from tests.factories.remote_sources import ELSEWHERE, RULES, Recorder, files_below, source
from tests.factories.repositories import RepositoryBuilder

_SCRIPT = """#!/bin/sh
printf '%s\\n' "$@" > "{folder}/arguments"
env > "{folder}/environment"
for last; do :; done
cd "{folder}" && exec sh -c "$last"
"""


class CancelledError(Exception):
    """What a listener raises in these tests."""


@pytest.fixture
def rules(tmp_path: pathlib.Path) -> RemoteRules:
    script = tmp_path / "ssh"
    script.write_text(_SCRIPT.format(folder=tmp_path))
    script.chmod(0o755)
    options = SshOptions(str(script), tmp_path / "site key", tmp_path / "known_hosts")
    return replace(RULES, ssh=options)


@pytest.fixture
def port() -> Iterator[int]:
    """Something answers there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def address(builder: RepositoryBuilder, port: int) -> str:
    """Mercurial's paths begin behind the slash."""
    slash = "/" if builder.kind is Kind.HG else ""
    return f"ssh://git@{ELSEWHERE}:{port}/{slash}{str(builder.path).lstrip('/')}"


def test_import(
    builder: RepositoryBuilder, rules: RemoteRules, port: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/agent/of/the/user")
    tip = builder.commit({b"a": b"1"})
    target = tmp_path / "here" / "new"
    clone_repository(builder.kind, source(address(builder, port), rules), target, VcsOptions(), Recorder())
    with open_repository(builder.kind, target, VcsOptions()) as repository:
        assert repository.resolve(b"tip") == tip
    arguments = (tmp_path / "arguments").read_text().splitlines()
    given = {line for line in arguments if line.startswith("-o")}
    assert arguments[:2] == ["-F", "/dev/null"]
    assert {
        "-oHostName=127.0.0.1",
        f"-oHostKeyAlias=[{ELSEWHERE}]:{port}",
        "-oStrictHostKeyChecking=yes",
        f"-oUserKnownHostsFile={tmp_path}/known_hosts",
        f'-oIdentityFile="{tmp_path}/site key"',
        "-oIdentitiesOnly=yes",
        "-oBatchMode=yes",
        "-oProxyCommand=none",
    } <= given
    assert str(port) in arguments
    assert any(line in (ELSEWHERE, f"git@{ELSEWHERE}") for line in arguments)
    assert "SSH_AUTH_SOCK" not in (tmp_path / "environment").read_text()


def test_repository_that_is_not_there(
    builder: RepositoryBuilder, rules: RemoteRules, port: int, tmp_path: pathlib.Path
) -> None:
    target = tmp_path / "here" / "new"
    with pytest.raises(RemoteError):
        clone_repository(
            builder.kind, source(address(builder, port) + "absent", rules), target, VcsOptions(), Recorder()
        )
    assert files_below(target.parent) == []


def test_import_that_is_cancelled_ends_ssh(
    builder: RepositoryBuilder, rules: RemoteRules, port: int, tmp_path: pathlib.Path
) -> None:
    """Nothing ever comes from the other side."""
    script = pathlib.Path(rules.ssh.program)
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")

    def cancel() -> None:
        if (tmp_path / "pid").exists():
            raise CancelledError

    with pytest.raises(CancelledError):
        clone_repository(
            builder.kind, source(address(builder, port), rules), tmp_path / "new", VcsOptions(), Recorder(cancel)
        )
    assert not _is_alive(int((tmp_path / "pid").read_text()))


def test_host_whose_address_is_denied(builder: RepositoryBuilder, rules: RemoteRules, tmp_path: pathlib.Path) -> None:
    with pytest.raises(RemoteError, match="not on the public Internet"):
        clone_repository(
            builder.kind,
            source(f"ssh://{ELSEWHERE}/r", rules, allowed=()),
            tmp_path / "new",
            VcsOptions(),
            Recorder(),
        )
    assert not (tmp_path / "arguments").exists()


def _is_alive(process: int) -> bool:
    """Whether it runs; one that nobody has waited for yet does not."""
    try:
        status = pathlib.Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
