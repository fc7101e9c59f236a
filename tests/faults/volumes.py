"""A file system of its own in the memory of this machine: it can be taken away, made read-only, and filled."""

import contextlib
import os
import pathlib
import subprocess
import threading
from collections.abc import Iterator
from typing import IO

from tests.doors.servers import missing

_CHUNK = 1 << 20
_PAUSE_SECONDS = 0.01


class Volume:
    """What is mounted at ``place``; it keeps its contents while it is away."""

    def __init__(self, place: pathlib.Path, kept: pathlib.Path) -> None:
        self.place = place
        self._kept = kept

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Nothing is mounted until the block ends, but for those who have files of it open."""
        _run("umount", "--lazy", str(self.place))
        try:
            yield
        finally:
            _run("mount", "--bind", str(self._kept), str(self.place))

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Nothing can be written until the block ends, but to files that are open already."""
        # One that files are open in does not become read-only itself.
        _run("mount", "--bind", str(self._kept), str(self.place))
        try:
            _run("mount", "-o", "remount,bind,ro", str(self.place))
            yield
        finally:
            _run("umount", "--lazy", str(self.place))

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """There is no room left, until the block ends: what others free meanwhile is taken, too."""
        filler, ended = self._kept / "filler", threading.Event()

        def fill() -> None:
            while not ended.wait(_PAUSE_SECONDS):
                _fill(file)

        with filler.open("wb", buffering=0) as file:
            _fill(file)
            thread = threading.Thread(target=fill)
            thread.start()
            try:
                yield
            finally:
                ended.set()
                thread.join()
                filler.unlink(missing_ok=True)


def _fill(file: IO[bytes]) -> None:
    """Write until there is no room."""
    with contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * _CHUNK)


@contextlib.contextmanager
def mounted(place: pathlib.Path, megabytes: int = 48) -> Iterator[Volume]:
    """Mount an empty one at ``place`` until the block ends. Only root may: others leave the test out."""
    if os.geteuid() != 0:
        missing("only root may mount file systems")
    kept = place.with_name(f"{place.name}-kept")
    for folder in (place, kept):
        folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(kept))
    try:
        _run("mount", "--bind", str(kept), str(place))
        yield Volume(place, kept)
    finally:
        for folder in (place, kept):
            subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)


def _run(*words: str) -> None:
    subprocess.run(words, check=True)
