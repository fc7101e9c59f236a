"""Templates: a process shows its own version, and leaves what it has compiled to the next one."""

import errno
import os
import pathlib

import pytest
from mako.lookup import TemplateLookup

from kallithea.web.ui import templates
from kallithea.web.ui.templates import TEMPLATES, Templates


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """Templates of a package."""
    path = tmp_path / "package"
    path.mkdir()
    (path / "page.mako").write_text("<%include file='_part.mako'/>")
    (path / "_part.mako").write_text("one")
    return path


@pytest.fixture
def kept(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where what was compiled is kept."""
    return tmp_path / "kept"


def shown(lookup: TemplateLookup) -> str:
    return str(lookup.get_template("/page.mako").render_unicode(say=str))


def is_read_from(lookup: TemplateLookup, kept: pathlib.Path) -> bool:
    return pathlib.Path(lookup.get_template("/page.mako").module.__file__).is_relative_to(kept)


def test_what_is_installed_while_a_process_runs_is_not_shown_by_it(folder: pathlib.Path, kept: pathlib.Path) -> None:
    running = Templates(folder)
    old = running.load(kept)
    (folder / "_part.mako").write_text("two")
    (folder / "further.mako").write_text("new")
    assert shown(old) == "one"
    assert not old.has_template("/further.mako")
    assert running.load(kept) is old
    assert shown(Templates(folder).load(kept)) == "two"


def test_the_next_process_compiles_nothing(folder: pathlib.Path, kept: pathlib.Path) -> None:
    assert is_read_from(Templates(folder).load(kept), kept)
    made = {path: path.stat().st_ino for path in kept.glob("*/*.py")}
    assert len(made) == 2
    assert is_read_from(Templates(folder).load(kept), kept)
    assert {path: path.stat().st_ino for path in kept.glob("*/*.py")} == made


def test_what_other_versions_have_kept_goes_and_their_processes_go_on(folder: pathlib.Path, kept: pathlib.Path) -> None:
    old = Templates(folder).load(kept)
    before = set(kept.iterdir())
    (folder / "_part.mako").write_text("two")
    new = Templates(folder).load(kept)
    after = set(kept.iterdir())
    assert len(before) == len(after) == 1
    assert before != after
    assert (shown(old), shown(new)) == ("one", "two")


def test_what_was_compiled_while_files_changed_is_not_kept(
    folder: pathlib.Path, kept: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = templates._write

    def change(source: bytes, path: str) -> None:
        (folder / "_part.mako").write_text("two")
        write(source, path)

    monkeypatch.setattr(templates, "_write", change)
    Templates(folder).load(kept)
    assert list(kept.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_no_reason_not_to_start(
    folder: pathlib.Path, kept: pathlib.Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept.write_text("no folder")
    assert shown(Templates(folder).load(kept)) == "one"
    assert "Compiled templates are not kept in" in caplog.text


def test_a_full_disk_is_no_reason_not_to_start(
    folder: pathlib.Path, kept: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    assert shown(Templates(folder).load(kept)) == "one"
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"def (", b"\0\0"])
def test_damaged_files_are_made_again(folder: pathlib.Path, kept: pathlib.Path, damage: bytes) -> None:
    Templates(folder).load(kept)
    for path in kept.glob("*/*.py"):
        path.write_bytes(damage)
    assert shown(Templates(folder).load(kept)) == "one"
    lookup = Templates(folder).load(kept)
    assert shown(lookup) == "one"
    assert is_read_from(lookup, kept)


def test_a_template_with_a_mistake_is_told_at_the_start(folder: pathlib.Path, kept: pathlib.Path) -> None:
    (folder / "further.mako").write_text("${(}")
    with pytest.raises(Exception, match=r"further\.mako"):
        Templates(folder).load(kept)


def test_all_pages_are_compiled_before_the_first_is_asked_for(kept: pathlib.Path) -> None:
    lookup = TEMPLATES.load(kept)
    package = pathlib.Path(templates.__file__).parents[1]
    files = {f"/{path.relative_to(package).as_posix()}" for path in package.rglob("*.mako")}
    assert len(files) > 100
    assert {name for name in files if lookup.has_template(name)} == files


def test_who_develops_sees_each_change(folder: pathlib.Path) -> None:
    lookup = Templates(folder).watch()
    assert shown(lookup) == "one"
    (folder / "_part.mako").write_text("two")
    os.utime(folder / "_part.mako", (2e9, 2e9))
    assert shown(lookup) == "two"
