"""Processes that speak to clients: limits, and an environment that leaves nothing to the repository."""

import os
import pathlib
import subprocess
import time

import pytest

from kallithea.vcs.git.wire import WireProcess, list_hidden, parse_protocol, receive_environment, upload_environment
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import LimitExceededError, RepositoryMissingError
from tests.factories.repositories import GitBuilder


def start(tmp_path: pathlib.Path, script: str, *, seconds: float = 30) -> WireProcess:
    """A process that runs a script in the place of git."""
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    folder = tmp_path / "repository"
    (folder / "objects").mkdir(parents=True)
    return WireProcess(VcsOptions(str(program)), folder, ("upload-pack",), upload_environment(""), seconds=seconds)


def test_what_goes_in_comes_out(tmp_path: pathlib.Path) -> None:
    process = start(tmp_path, "cat")
    data = bytes(range(256)) * 4000
    assert process.feed(data)
    process.end_input()
    assert b"".join(iter(process.read, b"")) == data
    assert process.finish() == 0


def test_process_that_does_not_listen_any_more_is_no_error(tmp_path: pathlib.Path) -> None:
    process = start(tmp_path, "exec <&-; echo words; exit 3")
    while process.feed(b"x" * 100_000):
        pass
    assert process.read() == b"words\n"
    assert process.finish() == 3


def test_time_limit_ends_the_process_and_its_children(tmp_path: pathlib.Path) -> None:
    process = start(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child; wait", seconds=0.3)
    with pytest.raises(LimitExceededError):
        process.read()
    child = (tmp_path / "child").read_text().strip()
    deadline = time.monotonic() + 10
    while pathlib.Path(f"/proc/{child}").exists() and "Z" not in state(child):
        assert time.monotonic() < deadline


def state(pid: str) -> str:
    return subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout


def test_endless_words_before_the_request_is_read_are_stopped(tmp_path: pathlib.Path) -> None:
    process = start(tmp_path, "exec cat /dev/zero")
    with pytest.raises(LimitExceededError):
        process.feed(b"x" * 100_000_000)


def test_end_of_the_error_stream_is_kept(tmp_path: pathlib.Path) -> None:
    process = start(tmp_path, "seq 100000 >&2; echo fatal: the end >&2; exit 1")
    assert process.read() == b""
    assert process.finish() == 1
    assert process.errors.endswith(b"fatal: the end\n")
    assert len(process.errors) < 10_000


def test_stopping_lets_git_clean_up(tmp_path: pathlib.Path) -> None:
    process = start(tmp_path, f"cat > /dev/null; touch {tmp_path}/cleaned")
    process.feed(b"half a push")
    process.stop()
    assert (tmp_path / "cleaned").exists()


def test_missing_repository_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(RepositoryMissingError):
        WireProcess(VcsOptions(), tmp_path / "absent", ("upload-pack",), upload_environment(""), seconds=1)


@pytest.mark.parametrize(
    ("header", "protocol"),
    [
        ("version=2", "version=2"),
        ("version=2:foo=bar-1.0_x", "version=2"),
        ("foo:version=1", "version=1"),
        ("version=1:version=2:version=0", "version=2"),
        ("version=0", ""),
        ("version=3", ""),
        ("", ""),
        ("version=2;id", ""),
        ("version=2\n", ""),
    ],
)
def test_protocol(header: str, protocol: str) -> None:
    assert parse_protocol(header) == protocol


def test_configuration_of_a_push_overrides_the_repository(tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "repository")
    for key, value in {
        "receive.fsckObjects": "false",
        "core.hooksPath": "/evil",
        "core.alternateRefsCommand": "evil",
        "core.fsync": "none",
        "receive.unpackLimit": "100",
    }.items():
        builder.git("config", key, value)
    odd = b'refs/heads/"a\\b #;c '
    with list_hidden([b"refs/heads/-x", odd]) as file:
        environment = receive_environment("", most_bytes=5, hidden=file)
        # Here it is this process that has the file.
        place = f"/proc/{os.getpid()}/fd/"
        environment = {name: value.replace("/dev/fd/", place) for name, value in environment.items()}
        told = builder.git("config", "--includes", "--get-all", "receive.hideRefs", environment=environment)
    assert told.split(b"\n")[-3:] == [b"refs/heads/-x", odd, b""]

    def ask(key: str) -> str:
        return builder.git("config", "--get-all", key, environment=environment).decode().splitlines()[-1]

    assert ask("receive.fsckObjects") == "true"
    assert ask("core.hooksPath") == "/dev/null"
    assert ask("core.alternateRefsCommand") == "true"
    assert ask("core.fsync") == "committed,reference"
    assert ask("receive.unpackLimit") == "1"
    assert ask("receive.maxInputSize") == "5"
