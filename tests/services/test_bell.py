"""The pipe by which a process wakes the workers of its machine."""

import os
import pathlib
import resource
from collections.abc import Iterator

import pytest

from kallithea.services.bell import Bell, Listener


def test_ring_wakes_every_listener(tmp_path: pathlib.Path) -> None:
    with Listener(tmp_path / "cache") as first, Listener(tmp_path / "cache") as second:
        Bell(tmp_path / "cache").ring()
        first.wait(30)
        Bell(tmp_path / "cache").ring()
        second.wait(30)


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """More than 1,024 files are open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    descriptors = [os.open(os.devnull, os.O_RDONLY) for _number in range(1024)]
    yield
    for descriptor in descriptors:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_descriptors")
def test_process_with_many_descriptors_hears_a_ring(tmp_path: pathlib.Path) -> None:
    with Listener(tmp_path) as listener:
        Bell(tmp_path).ring()
        listener.wait(30)


def test_ring_that_nobody_hears_is_no_problem(tmp_path: pathlib.Path) -> None:
    Bell(tmp_path).ring()
    with Listener(tmp_path):
        pass
    Bell(tmp_path).ring()


def test_pipe_full_of_rings_stops_nobody(tmp_path: pathlib.Path) -> None:
    with Listener(tmp_path) as listener:
        for _ in range(70_000):
            Bell(tmp_path).ring()
        listener.wait(30)
        listener.wait(0)
