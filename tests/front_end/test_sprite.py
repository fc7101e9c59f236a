"""The sprite: the named icons and our own marks."""

from pathlib import Path

import pytest

from kallithea.front_end.errors import FrontEndError
from kallithea.front_end.sprite import make_sprite, read_names


def test_each_icon_becomes_a_symbol_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "repo-16.svg").write_text('<svg width="16" viewBox="0 0 16 16"><path d="M2"/></svg>')
    assert '<symbol id="repo" viewBox="0 0 16 16"><path d="M2"/></symbol>' in make_sprite(["repo"], tmp_path, [])


def test_small_drawing_serves_where_there_is_no_other(tmp_path: Path) -> None:
    (tmp_path / "dot-12.svg").write_text('<svg viewBox="0 0 12 12"><path d="M1"/></svg>')
    assert '<symbol id="dot" viewBox="0 0 12 12">' in make_sprite(["dot"], tmp_path, [])


def test_marks_keep_their_names(tmp_path: Path) -> None:
    mark = tmp_path / "k-mark.svg"
    mark.write_text('<svg viewBox="0 0 24 24"><g><path d="M3"/></g></svg>')
    assert '<symbol id="k-mark" viewBox="0 0 24 24"><g><path d="M3"/></g></symbol>' in make_sprite([], tmp_path, [mark])


def test_unknown_icon_is_named(tmp_path: Path) -> None:
    with pytest.raises(FrontEndError, match="'unicorn'"):
        make_sprite(["unicorn"], tmp_path, [])


def test_names_are_one_a_line_without_comments() -> None:
    assert read_names("# icons\nrepo\n\nfile\n") == ["repo", "file"]
