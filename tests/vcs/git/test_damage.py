"""What is missing, damaged or malformed is named, and spoils nothing else."""

import os
import pathlib
from collections.abc import Callable

import pytest

from kallithea.vcs.diff import Sides
from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.types import CorruptObjectError, VcsError
from tests.diffs import diff_of
from tests.factories.repositories import GitBuilder

Open = Callable[[GitBuilder], GitRepository]


def loose(builder: GitBuilder, object_id: str) -> pathlib.Path:
    return builder.path / "objects" / object_id[:2] / object_id[2:]


def damage(path: pathlib.Path, how: str) -> None:
    path.chmod(0o644)
    match how:
        case "removed":
            path.unlink()
        case "emptied":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:-6])
        case "overwritten":
            path.write_bytes(os.urandom(200))


@pytest.fixture(params=["removed", "emptied", "cut", "overwritten"])
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_damaged_blob(builder: GitBuilder, reopened: Open, how: str) -> None:
    text = b"".join(b"%d\n" % number for number in range(300))
    commit_id = builder.commit({b"bad": text, b"good": b"good"})
    blob_id = builder.git("rev-parse", "main:bad").decode().strip()
    damage(loose(builder, blob_id), how)
    repository = reopened(builder)

    with pytest.raises(CorruptObjectError, match=blob_id):
        repository.blob(commit_id, b"bad", limit=10_000)
    with pytest.raises(CorruptObjectError, match=blob_id), repository.open_blob(commit_id, b"bad") as (_, stream):
        stream.read()
    with pytest.raises(CorruptObjectError, match=blob_id):
        diff_of(repository, commit_id)
    assert [entry.path for entry in repository.folder(commit_id, b"")] == [b"bad", b"good"]
    assert repository.blob(commit_id, b"good", limit=10).data == b"good"


def test_a_damaged_tree(builder: GitBuilder, reopened: Open, how: str) -> None:
    commit_id = builder.commit({b"sub/a": b"a"})
    tree_id = builder.git("rev-parse", "main:sub").decode().strip()
    damage(loose(builder, tree_id), how)
    repository = reopened(builder)

    for read in (repository.folder, repository.entry):
        with pytest.raises(CorruptObjectError, match=tree_id):
            read(commit_id, b"sub/a" if read == repository.entry else b"sub")
    with pytest.raises(CorruptObjectError, match=tree_id):
        diff_of(repository, commit_id)
    assert [entry.path for entry in repository.folder(commit_id, b"")] == [b"sub"]


def test_a_damaged_commit(builder: GitBuilder, reopened: Open, how: str) -> None:
    first = builder.commit({b"a": b"a"})
    second = builder.commit({b"a": b"b"})
    damage(loose(builder, first), how)
    repository = reopened(builder)

    with pytest.raises(VcsError):
        repository.commit(first)
    for read in (repository.log, repository.count, lambda second: repository.diff(Sides(first, second))):
        with pytest.raises(CorruptObjectError, match=first):
            read(second)
    assert repository.commit(second).parent_ids == (first,)


def test_a_damaged_pack(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": os.urandom(5000)})
    blob_id = builder.git("rev-parse", "main:a").decode().strip()
    builder.git("repack", "-adq")
    (pack,) = (builder.path / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    data[len(data) - 2000 : len(data) - 1500] = os.urandom(500)
    pack.write_bytes(data)

    with pytest.raises(CorruptObjectError, match=blob_id):
        reopened(builder).blob(commit_id, b"a", limit=10_000)


def test_errors_tell_no_folder_of_the_server(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    damage(loose(builder, builder.git("rev-parse", "main:a").decode().strip()), "emptied")

    with pytest.raises(VcsError) as problem:
        diff_of(reopened(builder), commit_id)

    assert str(builder.path) not in str(problem.value)


@pytest.mark.parametrize(
    "person",
    [
        b"",
        b"nobody",
        b"A <a@example.org>",
        b"A <a@example.org> 1 +0000 trailing",
        b"A <a@example.org> 99999999999999999999 +0000",
        b"A <a@example.org> 253402300799 +1400",
        b"A <a@example.org> -62135596800 -1400",
        b"A <a@example.org> -1 +0000",
        b"A <a@example.org> 1 +9999",
        b"A <a@example.org> 1 +051800",
        b"A <a@example.org> 1 -2400",
        b"A <a@example.org> 1 zone",
        b"A <a@example.org> never +0000",
        b"A < <a@example.org>> 1 +0000",
        b"A a@example.org> 1 +0000",
        b"<<<>>> 1 +0000",
        b"\xff\xfe <\xe9> 1 +0000",
    ],
)
def test_nonsense_in_persons_and_dates_survives(builder: GitBuilder, reopened: Open, person: bytes) -> None:
    builder.commit({b"a": b"a"})
    tree = builder.git("rev-parse", "main^{tree}").strip()
    commit_id = builder.raw_object(
        "commit", b"tree " + tree + b"\nauthor " + person + b"\ncommitter " + person + b"\n\nmessage\n"
    )
    builder.ref(b"refs/heads/odd", commit_id)
    repository = reopened(builder)

    commit = repository.commit(commit_id)

    assert commit.message == b"message\n"
    assert isinstance(commit.author.when.isoformat(), str)
    assert repository.log(commit_id).commits == (commit,)
    assert [entry.path for entry in repository.folder(commit_id, b"")] == [b"a"]


@pytest.mark.parametrize("headers", [b"", b"parent 123\n", b"gpgsig line\n more\n  author x\n", b"author\n"])
def test_missing_headers_survive(builder: GitBuilder, reopened: Open, headers: bytes) -> None:
    builder.commit({b"a": b"a"})
    tree = builder.git("rev-parse", "main^{tree}").strip()
    commit_id = builder.raw_object("commit", b"tree " + tree + b"\n" + headers + b"\nmessage")

    commit = reopened(builder).commit(commit_id)

    assert (commit.author.name, commit.parent_ids, commit.message) == (b"", (), b"message")


def test_a_commit_without_tree_is_damaged(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.raw_object("commit", b"no headers at all")
    repository = reopened(builder)

    assert repository.commit(commit_id).message == b""
    with pytest.raises(CorruptObjectError, match=commit_id):
        repository.folder(commit_id, b"")


def test_text_in_a_declared_encoding_becomes_utf8(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"a"})
    tree = builder.git("rev-parse", "main^{tree}").strip()
    body = b"tree %s\nauthor J\xfcrgen <j@example.org> 1 +0000\nencoding %s\n\n\xfcber\n"

    latin = reopened(builder).commit(builder.raw_object("commit", body % (tree, b"ISO-8859-1")))
    assert (latin.author.name, latin.message) == ("Jürgen".encode(), "über\n".encode())

    for wrong in (b"absent-encoding", b"hex", b"zip", b"utf-8", b"ascii", b"\xff", b"idna", b""):
        commit = reopened(builder).commit(builder.raw_object("commit", body % (tree, wrong)))
        assert commit.message == b"\xfcber\n"


def test_a_tree_with_forbidden_names_is_listed(builder: GitBuilder, reopened: Open) -> None:
    blob = bytes.fromhex(builder.raw_object("blob", b"x"))
    tree = builder.raw_object(
        "tree", b"".join(b"100644 " + name + b"\0" + blob for name in (b".git", b"..", b"a/b", b"twice", b"twice"))
    )
    commit_id = builder.raw_object("commit", b"tree " + tree.encode() + b"\n\nx")
    repository = reopened(builder)

    assert [entry.name for entry in repository.folder(commit_id, b"")] == [b"..", b".git", b"b", b"twice", b"twice"]
    assert repository.blob(commit_id, b"twice", limit=10).data == b"x"
    assert repository.last_changes(commit_id, b"", [b"..", b"twice"]).changes[b"twice"] == commit_id


def test_a_cut_tree_is_damaged(builder: GitBuilder, reopened: Open) -> None:
    tree = builder.raw_object("tree", b"100644 a\0short")
    commit_id = builder.raw_object("commit", b"tree " + tree.encode() + b"\n\nx")

    with pytest.raises(CorruptObjectError, match=tree):
        reopened(builder).folder(commit_id, b"")


def test_a_tree_deeper_than_any_stack(builder: GitBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"/".join([b"d"] * 1500) + b"/file": b"deep"})

    assert reopened(builder).blob(commit_id, b"/".join([b"d"] * 1500) + b"/file", limit=10).data == b"deep"


def test_replacements_and_grafts_change_nothing(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"}, message=b"first")
    second = builder.commit({b"a": b"b"}, message=b"second")
    builder.git("replace", second, first, environment={"GIT_NO_REPLACE_OBJECTS": "0"})
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "grafts").write_text(second + "\n")
    repository = reopened(builder)

    assert repository.count(second) == 2
    assert [commit.message for commit in repository.log(second).commits] == [b"second", b"first"]
    assert diff_of(repository, second).changes.added == 1
