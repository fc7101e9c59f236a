"""What Mercurial is told, and that nothing a repository names is run."""

import gc
import os
import pathlib
import signal
import subprocess
import sys
import warnings
import weakref
from collections.abc import Callable

import pytest

from kallithea.vcs.hg import mercurial_setup
from kallithea.vcs.hg.repository import HgRepository, open_repository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.pointers import LargefilePointer, parse_largefile
from kallithea.vcs.types import Kind, RepositoryMissingError, VcsError
from tests.diffs import diff_of
from tests.factories.repositories import HgBuilder, make_builder

Open = Callable[[HgBuilder], HgRepository]


def test_the_environment_is_set_before_mercurial_is_imported(tmp_path: pathlib.Path) -> None:
    (tmp_path / "hgrc").write_text("[extensions]\nabsent =\n[ui]\nusername = from a file\n")
    script = (
        "from kallithea.vcs.hg import mercurial_setup as s; u = s.new_ui();"
        "print(s.encoding.encoding, u.config(b'ui', b'username'), u.plain(), u.config(b'experimental', b'evolution'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": os.environ["PATH"], "HGRCPATH": str(tmp_path / "hgrc"), "HGENCODING": "latin1", "LC_ALL": "C"},
        cwd=pathlib.Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "b'utf-8' None True b'all'\n"
    assert done.stderr == ""


def test_evolve_is_loaded() -> None:
    assert mercurial_setup.HAS_EVOLVE


def test_databases_that_evolve_forgets_are_no_warning(builder: HgBuilder) -> None:
    builder.commit({b"a": b"a\n"})
    repository = mercurial_setup.open_local(builder.path)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for owner in (repository.stablerange, repository.obsstore.rangeobshashcache):
            connection = owner._db()
            circle = [connection]
            circle.append(circle)
            del connection, circle
        gc.collect()
    mercurial_setup.close_local(repository)
    assert warned == []


def test_nothing_that_a_repository_names_is_run(builder: HgBuilder, reopened: Open, tmp_path: pathlib.Path) -> None:
    builder.commit({b"a": b"a\n"})
    (tmp_path / "trap.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    (builder.path / ".hg" / "hgrc").write_text(
        f"[extensions]\ntrap = {tmp_path}/trap.py\n[hooks]\npretxnclose = touch {tmp_path}/sprung\n"
        f"[alias]\nlog = !touch {tmp_path}/sprung\n[extdiff]\ncmd.d = touch\n"
        f"[encode]\n** = touch {tmp_path}/sprung\n[diff]\nnoprefix = true\nword-diff = true\n"
    )

    commit_id = builder.commit({b"a": b"b\n"})
    repository = reopened(builder)

    assert diff_of(repository, commit_id).changes.added == 1
    assert repository.blob(commit_id, b"a", limit=10).data == b"b\n"
    assert not (tmp_path / "sprung").exists()


def test_each_ui_is_separate() -> None:
    one, other = mercurial_setup.new_ui(), mercurial_setup.new_ui()
    one.setconfig(b"web", b"name", b"one")

    assert other.config(b"web", b"name") is None


def test_a_folder_name_is_never_expanded(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEWHERE", "elsewhere")
    make_builder(Kind.HG, tmp_path / "elsewhere")
    (tmp_path / "$SOMEWHERE" / ".hg").mkdir(parents=True)

    with pytest.raises(VcsError, match="name"):
        open_repository(tmp_path / "$SOMEWHERE", VcsOptions())


def test_a_bundle_is_no_repository(tmp_path: pathlib.Path) -> None:
    (tmp_path / "bundle").write_bytes(b"HG10UN")

    with pytest.raises(RepositoryMissingError):
        open_repository(tmp_path / "bundle", VcsOptions())


def test_a_repository_with_large_files_is_read_as_it_is_stored(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b".hglf/film": b"1" * 40 + b"\n"})
    with (builder.path / ".hg" / "store" / "requires").open("ab") as requirements:
        requirements.write(b"largefiles\n")

    blob = reopened(builder).blob(commit_id, b".hglf/film", limit=100)

    assert parse_largefile(blob.path, blob.data) == LargefilePointer(b"film", "1" * 40)


def test_reading_writes_nothing_outside_caches(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"}, branch=b"stable")
    builder.tag(b"v1", commit_id)

    def stored() -> dict[str, tuple[int, int]]:
        files = (path for path in builder.path.rglob("*") if path.is_file() and "cache" not in path.parts)
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}

    before = stored()
    repository = reopened(builder)
    repository.refs()
    repository.log(commit_id, LogFilter(path=b"a"))
    repository.folder(commit_id, b"")
    diff_of(repository, commit_id)
    repository.close()

    assert stored() == before


def test_closed_repository_keeps_nothing_that_it_has_read(tmp_path: pathlib.Path) -> None:
    """Without waiting for Python to find circles of references."""
    builder = HgBuilder(tmp_path / "closed")
    commit_id = builder.commit({b"a": b"1"})
    gc.disable()
    try:
        repository = HgRepository(builder.path)
        repository.folder(commit_id, b"")
        read = weakref.ref(repository._repository.unfiltered().changelog)
        repository.close()
        repository.close()
        del repository
        assert read() is None
    finally:
        gc.enable()


def test_signals_are_left_to_the_server(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mercurial puts its own handlers around each lock, and afterwards those that Python knows, not a C program's."""
    builder.commit({b"a": b"a\n"})
    changed: list[object] = []
    monkeypatch.setattr(signal, "signal", lambda number, _handler: changed.append(number))
    repository = mercurial_setup.open_local(builder.path)
    with repository.wlock(), repository.lock():
        pass
    mercurial_setup.close_local(repository)
    assert changed == []
