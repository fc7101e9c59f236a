"""Changes of text in UTF-16 are lines like those of any other text."""

import codecs
import pathlib
import subprocess
from collections.abc import Callable

import pytest

from kallithea.core.meter import Meter
from kallithea.services.diffs import read_unchanged_lines
from kallithea.vcs.diff import ChangeKind, ContentKind, DiffLimits, DiffOptions, FileDiff, Whitespace
from kallithea.vcs.git import utf16
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.backends.conftest import Open
from tests.diffs import bodies_of, diff_of, raw_diff_of
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Symlink


def little(text: str) -> bytes:
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


def big(text: str) -> bytes:
    return codecs.BOM_UTF16_BE + text.encode("utf-16-be")


def lines_of(file: FileDiff) -> list[tuple[str, str]]:
    return [(line.mark, line.text.decode()) for hunk in file.hunks for line in hunk.lines]


Encode = Callable[[str], bytes]
_TEXT = "".join(f"line {number} ü\n" for number in range(20))


@pytest.mark.parametrize(
    ("old", "new"),
    [(little, little), (big, big), (little, big), (str.encode, little), (big, str.encode)],
    ids=["little", "big", "little to big", "UTF-8 to little", "big to UTF-8"],
)
def test_changed_lines(builder: RepositoryBuilder, reopened: Open, old: Encode, new: Encode) -> None:
    builder.commit({b"a.txt": old(_TEXT), b'\xfc "b': b"1\n"})
    changed = new(_TEXT.replace("line 9", "LINE 9") + "end")
    commit_id = builder.commit({b"a.txt": changed, b'\xfc "b': b"2\n"})
    found = diff_of(reopened(builder), commit_id)
    file = next(file for file in found.files if file.change.path == b"a.txt")
    assert (file.change.kind, file.change.content) == (ChangeKind.MODIFIED, ContentKind.TEXT)
    assert [line for line in lines_of(file) if line[0] != " "] == [
        ("-", "line 9 ü"),
        ("+", "LINE 9 ü"),
        ("+", "end"),
    ]
    assert len(lines_of(file)) == 12
    assert file.hunks[-1].lines[-1].no_newline
    assert (file.old_size, file.new_size, file.too_large) == (None, None, False)
    assert (file.change.added, file.change.deleted) == (2, 1)
    assert (found.changes.added, found.changes.deleted) == (3, 2)


def test_added_renamed_and_deleted_files(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"gone": little("1\n2\n"), b"old": little(_TEXT), b"same": little("1\n")})
    commit_id = builder.commit(
        {b"gone": None, b"new/ b": big("3\n"), b"old": None, b"moved": little(_TEXT + "x\n")},
        renames={b"moved": b"old"},
    )
    files = bodies_of(reopened(builder), commit_id)
    assert {path: (file.change.kind, len(lines_of(file))) for path, file in files.items()} == {
        b"gone": (ChangeKind.DELETED, 2),
        b"moved": (ChangeKind.RENAMED, 4),
        b"new/ b": (ChangeKind.ADDED, 1),
    }


def test_white_space_is_ignored_as_elsewhere(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": little("a b\nc\n"), b"c": little("1\n")})
    commit_id = builder.commit({b"a": little("a  b\nd\n"), b"c": big("1\n")})
    found = diff_of(reopened(builder), commit_id, options=DiffOptions(0, Whitespace.ALL))
    files = {file.change.path: file for file in found.files}
    assert lines_of(files[b"a"]) == [("-", "c"), ("+", "d")]
    # what is in another encoding alone has no changed lines
    assert (files[b"c"].change.content, files[b"c"].hunks) == (ContentKind.TEXT, ())


@pytest.mark.parametrize(
    "content",
    [
        little("1\0\n"),
        b"\xff\xfe\0",
        codecs.BOM_UTF16_LE + b"\x00\xd8",
        "without a mark\n".encode("utf-16-le"),
        b"\0\1",
    ],
    ids=["NUL", "odd", "surrogate", "no mark", "binary"],
)
def test_what_is_no_text_stays_binary(builder: RepositoryBuilder, reopened: Open, content: bytes) -> None:
    builder.commit({b"a": little("1\n"), b"b": little("1\n")})
    commit_id = builder.commit({b"a": content, b"b": little("2\n")})
    files = bodies_of(reopened(builder), commit_id)
    assert (files[b"a"].change.content, files[b"a"].hunks) == (ContentKind.BINARY, ())
    assert (files[b"a"].old_size, files[b"a"].new_size) == (6, len(content))
    assert files[b"b"].change.content is ContentKind.TEXT


def test_a_link_stays_a_link(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": little("1\n")})
    commit_id = builder.commit({b"a": Symlink(b"b")})
    file = bodies_of(reopened(builder), commit_id)[b"a"]
    assert (file.change.kind, file.change.content) == (ChangeKind.RETYPED, ContentKind.SYMLINK)
    assert [text for mark, text in lines_of(file) if mark == "+"] == ["b"]
    assert file.change.added == 1


def test_what_a_repository_calls_binary_stays_so(builder: RepositoryBuilder, reopened: Open) -> None:
    if not isinstance(builder, GitBuilder):
        pytest.skip("Mercurial has no attributes")
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "attributes").write_text("made -diff\n")
    builder.commit({b"made": b"1\n"})
    commit_id = builder.commit({b"made": b"2\n"})
    assert bodies_of(reopened(builder), commit_id)[b"made"].change.content is ContentKind.BINARY


def test_lines_beyond_the_limits_are_counted(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": little("".join(f"{number}\n" for number in range(50)))})
    (file,) = diff_of(reopened(builder), commit_id, limits=DiffLimits(lines_per_file=10)).files
    assert (len(lines_of(file)), file.hidden_lines, file.change.added) == (10, 40, 50)


def test_the_diff_as_text_can_be_applied(builder: RepositoryBuilder, reopened: Open, tmp_path: pathlib.Path) -> None:
    builder.commit({b"a": little("1\n")})
    commit_id = builder.commit({b"a": little("2\n")})
    text = b"".join(raw_diff_of(reopened(builder), commit_id))
    (tmp_path / "a").write_bytes(little("1\n"))
    subprocess.run(["git", "apply", "-"], input=text, cwd=tmp_path, check=True)
    assert (tmp_path / "a").read_bytes() == little("2\n")


def test_unchanged_lines_around_it(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": little(_TEXT)})
    found = read_unchanged_lines(reopened(builder), commit_id, b"a", 2, 3)
    assert [text.decode() for text in found.texts] == ["line 1 ü", "line 2 ü"]


def test_all_such_files_are_one_process_and_what_is_much_stays_binary(
    builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch, meter: Meter
) -> None:
    if not isinstance(builder, GitBuilder):
        pytest.skip("Mercurial starts no process")
    monkeypatch.setattr(utf16, "_MOST_BYTES", 100)
    builder.commit({b"%d" % number: little("old") for number in range(5)} | {b"large": little("x" * 90)})
    commit_id = builder.commit({b"%d" % number: little("new") for number in range(5)} | {b"large": little("y" * 90)})
    with open_repository(Kind.GIT, builder.path, VcsOptions()) as repository:
        found = diff_of(repository, commit_id)
    kinds = [file.change.content for file in found.files]
    assert kinds == [ContentKind.TEXT] * 5 + [ContentKind.BINARY]
    # the diff, the contents, and the lines
    assert meter.processes == 3


def test_a_pages_binary_files_start_no_comparison(builder: RepositoryBuilder, meter: Meter) -> None:
    if not isinstance(builder, GitBuilder):
        pytest.skip("Mercurial starts no process")
    commit_id = builder.commit({b"a.png": b"\x89PNG\r\n\x1a\n\0"})
    with open_repository(Kind.GIT, builder.path, VcsOptions()) as repository:
        diff_of(repository, commit_id)
    assert meter.processes == 2
