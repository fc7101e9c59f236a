"""What is read from Mercurial repositories and written to them does not stay in memory."""

import gc
import pathlib
import re
import subprocess
import sys
import weakref

import pytest

from kallithea.vcs.hg.mercurial_setup import close_local, open_local, tidy_local
from kallithea.vcs.types import Kind
from tests.factories.repositories import make_builder


def test_manifests_are_free_once_a_page_is_made(tmp_path: pathlib.Path) -> None:
    """Without Python's search for circles of references."""
    builder = make_builder(Kind.HG, tmp_path / "repository")
    builder.commit({b"f": b"1"})
    opened = open_local(builder.path, to_read=True)
    gc.disable()
    try:
        for free in (tidy_local, close_local):
            manifest = weakref.ref(opened[b"tip"].manifest())
            assert manifest() is not None
            free(opened)
            assert manifest() is None
    finally:
        gc.enable()


def test_no_copy_of_a_manifest_is_kept(tmp_path: pathlib.Path) -> None:
    builder = make_builder(Kind.HG, tmp_path / "repository")
    builder.commit({b"f": b"1"})
    opened = open_local(builder.path, to_read=True)
    assert b"f" in opened[b"tip"].manifest()
    assert len(opened.manifestlog.getstorage(b"").fulltextcache) == 0
    close_local(opened)


@pytest.mark.slow
def test_two_hundred_commits_leave_no_memory_behind(tmp_path: pathlib.Path) -> None:
    """In a process of its own, in which Python itself collects nothing."""
    script = pathlib.Path(__file__).with_name("memory_of_commits.py")
    command = [sys.executable, str(script), str(tmp_path / "repository")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = (int(number) for number in re.findall(r"\d+", done.stdout))
    assert after < before + 10_000
