"""Mercurial repositories unlike most others, read by everything that reads."""

import os
import pathlib
from collections.abc import Callable

import pytest

from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import Blob, RevisionNotFoundError, VcsError
from tests.backends.readings import READINGS, Place, damaged_readings, read_all
from tests.factories.repositories import HgBuilder, Submodule

Open = Callable[[HgBuilder], HgRepository]
#: Those that tell of the whole repository, whatever commit is asked for.
OF_ALL = {"refs", "state", "default", "refs at"}


def build(builder: HgBuilder) -> Place:
    """A short history of a file in a folder, with a merge."""
    first = builder.commit({b"d/file": b"1\n2\n3\n", b"other": b"x"})
    second = builder.commit({b"d/file": b"1\ntwo\n3\n"}, parents=(first,))
    side = builder.commit({b"side": b"x"}, parents=(first,), branch=b"side")
    builder.commit({b"side": b"x"}, parents=(second, side))
    return Place(builder.commit({b"d/file": b"1\ntwo\nthree\n"}), b"d", b"file")


def test_branches_with_several_heads_open_and_closed(builder: HgBuilder, reopened: Open) -> None:
    place = build(builder)
    for number in range(3):
        builder.commit({b"%d" % number: b"x"}, parents=(place.commit_id,))
    head = builder.commit({b"x": b"x"}, parents=(place.commit_id,), branch=b"closed")
    builder.close_branch(b"closed", head)
    builder.close_branch(b"closed", builder.commit({b"y": b"x"}, parents=(place.commit_id,), branch=b"closed"))
    builder.bookmark(b"mark", place.commit_id)
    builder.bookmark(b"mark@elsewhere", head)
    repository = reopened(builder)

    read_all(repository, place)

    found = {(branch.name, branch.closed) for branch in repository.refs().branches}
    assert found == {(b"default", False), (b"side", False), (b"closed", True)}
    assert [mark.name for mark in repository.refs().bookmarks] == [b"mark"]


@pytest.mark.parametrize("how", ["secret", "obsolete"])
def test_what_is_hidden_is_hidden_from_everything_that_reads(builder: HgBuilder, reopened: Open, how: str) -> None:
    place = build(builder)
    hidden = builder.commit({b"d/file": b"hidden\n"})
    if how == "secret":
        builder.set_phase(hidden, "secret")
    else:
        builder.obsolete(hidden, place.commit_id)
    repository = reopened(builder)

    for name, read in READINGS.items():
        if name not in OF_ALL:
            with pytest.raises(RevisionNotFoundError):
                read(repository, Place(hidden, b"d", b"file"))
    seen = repr(read_all(repository, place))
    assert hidden not in seen
    assert "hidden\\n" not in seen


def test_drafts_and_changesets_that_were_rewritten_are_read(builder: HgBuilder, reopened: Open) -> None:
    place = build(builder)
    builder.set_phase(place.commit_id, "draft")
    child = builder.commit({b"d/file": b"1\n"})
    builder.obsolete(place.commit_id)
    repository = reopened(builder)
    assert repository.commit(place.commit_id).obsolete
    for commit_id in (place.commit_id, child):
        read_all(repository, Place(commit_id, b"d", b"file"))


def test_sub_repositories_and_standins(builder: HgBuilder, reopened: Open) -> None:
    build(builder)
    commit_id = builder.commit(
        {b"d/file": b"x\n", b"d/inner": Submodule("2" * 40), b".hglf/d/film": b"1" * 40 + b"\n", b"d/z": b"z"}
    )
    repository = reopened(builder)

    read_all(repository, Place(commit_id, b"d", b"file"))
    read_all(repository, Place(commit_id, b".hglf/d", b"film"))

    assert [entry.name for entry in repository.folder(commit_id, b"d")] == [b"file", b"inner", b"z"]
    assert set(repository.last_changes(commit_id, b"d", [b"inner"]).changes) == {b"inner"}


def test_names_and_texts_that_are_not_utf8(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"d\xff/f\xe9": b"caf\xe9\n"})
    commit_id = builder.commit({b"d\xff/f\xe9": b"caf\xe9\n\xff\n"})

    found = read_all(reopened(builder), Place(commit_id, b"d\xff", b"f\xe9"))

    blob = found["blob"]
    assert isinstance(blob, Blob)
    assert blob.data == b"caf\xe9\n\xff\n"


def test_an_empty_repository(builder: HgBuilder, reopened: Open) -> None:
    repository = reopened(builder)
    for name, read in READINGS.items():
        if name not in OF_ALL:
            with pytest.raises(VcsError):
                read(repository, Place("1" * 40, b"", b"file"))
    assert (repository.is_empty(), repository.default_ref(), repository.refs().branches) == (True, None, ())


@pytest.mark.parametrize("commit_id", ["0" * 40, "f" * 40, "fffffffffffffffffffffffffffffffffffffffe"])
def test_reserved_ids_name_nothing(builder: HgBuilder, reopened: Open, commit_id: str) -> None:
    build(builder)
    repository = reopened(builder)
    for name, read in READINGS.items():
        if name not in OF_ALL:
            with pytest.raises(RevisionNotFoundError):
                read(repository, Place(commit_id, b"d", b"file"))


@pytest.mark.parametrize("how", ["removed", "emptied", "cut", "overwritten"])
def test_a_damaged_file_harms_what_shows_it_alone(builder: HgBuilder, reopened: Open, how: str) -> None:
    place = build(builder)
    content = os.urandom(3000)
    place = Place(builder.commit({b"d/file": content, b"d/good": b"good\n"}), b"d", b"file")
    node = reopened(builder).entry(place.commit_id, place.path).object_id
    assert node is not None
    path = builder.path / ".hg" / "store" / "data" / "d" / "file.i"
    data = path.read_bytes()
    match how:
        case "removed":
            path.unlink()
        case "emptied":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(data[:-100])
        case "overwritten":
            path.write_bytes(data[: len(data) // 2] + os.urandom(len(data) // 2))

    damaged = damaged_readings(reopened(builder), place, node, place.commit_id, "d/file")

    assert damaged >= {"blob", "stream", "raw diff", "archive", "blame"}
    assert damaged.isdisjoint({"diff", "log", "count", "folder", "commit", "contributors", "resolve", *OF_ALL})
    good = Place(place.commit_id, b"d", b"good")
    assert damaged_readings(reopened(builder), good, node, place.commit_id, "d/file").isdisjoint(
        {"blob", "stream", "blame"}
    )


@pytest.mark.parametrize("name", ["00manifest.i", "00changelog.d", "fncache", "phaseroots", "obsstore", "data/other.i"])
@pytest.mark.parametrize("how", ["emptied", "overwritten"])
def test_whatever_is_damaged_is_an_error_of_ours(builder: HgBuilder, reopened: Open, name: str, how: str) -> None:
    place = build(builder)
    old = builder.commit({b"x": b"x"})
    builder.obsolete(old, place.commit_id)
    path = builder.path / ".hg" / "store" / name
    path.write_bytes(b"" if how == "emptied" else os.urandom(500))

    said = []
    for read in READINGS.values():
        try:
            read(reopened(builder), place)
        except VcsError as problem:
            said.append(str(problem))
    assert [words for words in said if str(builder.path) in words] == []


def test_any_bytes_in_the_caches(builder: HgBuilder, reopened: Open) -> None:
    """They are made anew, and never believed against what is stored."""
    place = build(builder)
    builder.tag(b"v1", place.commit_id)
    expected = read_all(reopened(builder), place)
    caches: list[pathlib.Path] = list((builder.path / ".hg" / "cache").iterdir())
    assert caches
    for path in caches:
        if path.suffix != ".sqlite":
            path.write_bytes(os.urandom(300))

    assert read_all(reopened(builder), place) == expected
