"""Git repositories unlike most others, read by everything that reads."""

import os
import pathlib
from collections.abc import Callable

import pytest

from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Blob, CorruptObjectError, VcsError
from tests.backends.readings import READINGS, Place, damaged_readings, read_all
from tests.factories.repositories import GitBuilder
from tests.vcs.git.test_damage import damage, loose

Open = Callable[[GitBuilder], GitRepository]
LOCAL = {"GIT_ALLOW_PROTOCOL": "file"}


def build(builder: GitBuilder) -> Place:
    """A short history of a file in a folder, with a merge."""
    first = builder.commit({b"d/file": b"1\n2\n3\n", b"other": b"x"})
    second = builder.commit({b"d/file": b"1\ntwo\n3\n"}, parents=(first,))
    side = builder.commit({b"side": b"x"}, parents=(first,), branch=b"side")
    builder.commit({b"side": b"x"}, parents=(second, side))
    return Place(builder.commit({b"d/file": b"1\ntwo\nthree\n"}), b"d", b"file")


def id_of(builder: GitBuilder, name: str) -> str:
    return builder.git("rev-parse", name).decode().strip()


@pytest.mark.parametrize("form", ["loose", "packed", "upkept", "several packs"])
def test_every_form_of_storage_gives_the_same_answers(builder: GitBuilder, reopened: Open, form: str) -> None:
    place = build(builder)
    expected = read_all(reopened(builder), place)
    match form:
        case "packed":
            builder.git("gc", "-q", "--prune=now")
        case "upkept":
            builder.git("repack", "--cruft", "-adbq")
            builder.git("pack-refs", "--all")
            builder.git("commit-graph", "write", "--reachable", "--changed-paths", "--split")
        case "several packs":
            builder.git("repack", "-dq")
            builder.commit({b"more": b"x"}, branch=b"side")
            builder.git("repack", "-dq", "--write-midx", "--write-bitmap-index", "--geometric=2")
    repository = reopened(builder)

    found = read_all(repository, place)

    if form == "several packs":
        for name in ("refs", "state"):
            del found[name], expected[name]
    else:
        # the fingerprint differs
        assert found.pop("state").refs == expected.pop("state").refs  # type: ignore[attr-defined]
    assert found == expected


def test_sha256(tmp_path: pathlib.Path, reopened: Open) -> None:
    builder = GitBuilder(tmp_path / "sha256", object_format="sha256")
    assert read_all(reopened(builder), build(builder))["count"] == 5


def test_four_thousand_branches_loose_and_packed(builder: GitBuilder, reopened: Open) -> None:
    place = build(builder)
    names = [b"refs/heads/b%d/%d" % (number % 40, number) for number in range(4000)]
    packed = b"".join(b"%s %s\n" % (place.commit_id.encode(), name) for name in sorted(names[::2]))
    (builder.path / "packed-refs").write_bytes(b"# pack-refs with: peeled fully-peeled sorted \n" + packed)
    for name in names[1::2]:
        path = builder.path / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(place.commit_id + "\n")
    builder.annotated_tag(b"v1", place.commit_id)
    repository = reopened(builder)

    read_all(repository, place)

    refs = repository.refs()
    assert (len(refs.branches), len(refs.tags)) == (4002, 1)
    assert refs.default is not None
    assert refs.default.name == b"main"
    assert repository.resolve(b"b39/3999") == repository.resolve(b"b38/3998") == place.commit_id


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"garbage",
        b"ref: refs/heads/unborn\n",
        b"ref: refs/heads/loop\n",
        b"ref: HEAD\n",
        b"ref: ../../../etc/passwd\n",
        b"ref: refs/tags/v1\n",
        b"1" * 40 + b"\n",
        b"ref: refs/heads/\xff\xfe\n",
    ],
)
def test_any_head(builder: GitBuilder, reopened: Open, head: bytes) -> None:
    place = build(builder)
    (builder.path / "refs" / "heads" / "loop").write_text("ref: refs/heads/loop\n")
    (builder.path / "HEAD").write_bytes(head)
    repository = reopened(builder)
    if not head or not head.startswith((b"ref: refs/", b"1")):
        # git takes such a folder for no repository; what is read without git is there all the same
        assert set(READINGS) - refused(repository, place) >= {"commit", "folder", "default"}
        return

    read_all(repository, place)

    assert [branch.name for branch in repository.refs().branches] == [b"main", b"side"]


def refused(repository: GitRepository, place: Place) -> set[str]:
    """Which of them raise an error of ours; any other fails the test."""
    names = set()
    for name, read in READINGS.items():
        try:
            read(repository, place)
        except VcsError:
            names.add(name)
    return names


def test_a_detached_head(builder: GitBuilder, reopened: Open) -> None:
    place = build(builder)
    (builder.path / "HEAD").write_text(place.commit_id + "\n")
    read_all(reopened(builder), place)


def test_an_empty_repository(builder: GitBuilder, reopened: Open) -> None:
    repository = reopened(builder)
    place = Place("1" * 40, b"", b"file")
    for name, read in READINGS.items():
        if name not in ("refs", "state", "default", "refs at"):
            with pytest.raises(VcsError):
                read(repository, place)
    assert (repository.is_empty(), repository.default_ref(), repository.refs().branches) == (True, None, ())


def test_an_octopus(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"d/file": b"1\n"})
    sides = tuple(
        builder.commit({b"d/%d" % number: b"x\n"}, parents=(first,), branch=b"side%d" % number) for number in range(12)
    )
    files: dict[bytes, bytes] = {b"d/%d" % number: b"x\n" for number in range(12)}
    octopus = builder.commit(files | {b"d/file": b"merged\n"}, parents=sides)

    found = read_all(reopened(builder), Place(octopus, b"d", b"file"))

    assert found["count"] == 14
    assert found["last changes"].changes[b"file"] == octopus  # type: ignore[attr-defined]


def test_names_and_texts_that_are_not_utf8(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"d\xff/f\xe9": b"caf\xe9\n"})
    commit_id = builder.commit(
        {b"d\xff/f\xe9": b"caf\xe9\n\xff\n"}, message=b"gr\xfc\xdfe", author=b"J\xfcrgen <ada\xe9@x>", branch=b"m\xe4in"
    )

    found = read_all(reopened(builder), Place(commit_id, b"d\xff", b"f\xe9"))

    blob = found["blob"]
    assert isinstance(blob, Blob)
    assert blob.data == b"caf\xe9\n\xff\n"
    assert b"f\xe9" in found["archive"]  # type: ignore[operator]


def clone(builder: GitBuilder, target: pathlib.Path, *options: str) -> GitBuilder:
    builder.git("config", "uploadpack.allowFilter", "true")
    builder.git("clone", "-q", "--bare", *options, f"file://{builder.path}", str(target), environment=LOCAL)
    copy = GitBuilder.__new__(GitBuilder)
    copy.path, copy.tips, copy.commits_made = target, {}, 0
    return copy


def test_a_shallow_repository(builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path) -> None:
    place = build(builder)
    shallow = clone(builder, tmp_path / "shallow", "--depth=1", "--single-branch", "--branch=main")

    found = read_all(reopened(shallow), place)

    assert found["count"] == 1
    assert found["last changes"].changes == {b"file": place.commit_id}  # type: ignore[attr-defined]


def test_a_repository_that_borrows_objects(builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path) -> None:
    place = build(builder)
    expected = read_all(reopened(builder), place)
    borrower = GitBuilder(tmp_path / "borrower")
    (borrower.path / "objects" / "info").mkdir(exist_ok=True)
    (borrower.path / "objects" / "info" / "alternates").write_text(f"{builder.path}/objects\n")
    borrower.ref(b"refs/heads/main", place.commit_id)

    found = read_all(reopened(borrower), place)

    for name in expected.keys() - {"refs", "state", "refs at"}:
        assert found[name] == expected[name], name


def test_a_partial_clone_names_what_it_lacks_and_asks_nobody(
    builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path
) -> None:
    place = build(builder)
    partial = clone(builder, tmp_path / "partial", "--filter=blob:none")
    blob_ids = builder.git("rev-list", "--objects", "--no-object-names", "--all").decode().split()
    before = sorted((tmp_path / "partial" / "objects").rglob("*"))

    lacking = damaged_readings(reopened(partial), place, *blob_ids)

    assert lacking >= {"blob", "stream", "diff", "raw diff", "archive", "blame"}
    assert lacking.isdisjoint({"log", "log of a path", "count", "folder", "last changes", "commit", "refs"})
    assert sorted((tmp_path / "partial" / "objects").rglob("*")) == before


@pytest.fixture(params=["removed", "emptied", "cut", "overwritten"])
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


OF_CONTENT = {"blob", "stream", "diff", "raw diff", "archive", "blame", "log of lines"}
#: Those that may have no need of what is damaged, such as numbers of lines where git found a file to be the same.
PERHAPS = {"changed files", "combined diff", "log that follows", "sizes", "changed in"}


def test_a_damaged_blob_harms_what_shows_it_alone(builder: GitBuilder, reopened: Open, how: str) -> None:
    place = build(builder)
    blob_id = id_of(builder, "main:d/file")
    damage(loose(builder, blob_id), how)

    damaged = damaged_readings(reopened(builder), place, blob_id)

    assert damaged - PERHAPS == OF_CONTENT
    other = Place(id_of(builder, "main~3"), b"d", b"file")
    assert damaged_readings(reopened(builder), other, blob_id) == set()


def test_a_damaged_folder_harms_what_looks_into_it_alone(builder: GitBuilder, reopened: Open, how: str) -> None:
    place = build(builder)
    tree_id = id_of(builder, "main:d")
    damage(loose(builder, tree_id), how)

    damaged = damaged_readings(reopened(builder), place, tree_id)

    assert damaged >= {"entry", "folder", "blob", "stream", "diff", "archive", "blame", "last changes"}
    assert damaged.isdisjoint({"refs", "state", "default", "refs at", "resolve", "commit", "log", "count"})
    assert damaged_readings(reopened(builder), Place(id_of(builder, "main~3"), b"d", b"file"), tree_id) == set()


def test_a_damaged_commit_harms_what_walks_over_it_alone(builder: GitBuilder, reopened: Open, how: str) -> None:
    place = build(builder)
    commit_id = id_of(builder, "main~2")
    older = Place(id_of(builder, "main~3"), b"d", b"file")
    damage(loose(builder, commit_id), how)

    damaged = damaged_readings(reopened(builder), place, commit_id)

    assert damaged >= {"log", "log of a path", "count", "contributors"}
    assert damaged.isdisjoint({"refs", "state", "default", "commit", "entry", "folder", "blob", "stream", "archive"})
    assert damaged_readings(reopened(builder), older, commit_id) == set()


def test_a_damaged_commit_graph_is_told_as_an_error(builder: GitBuilder, reopened: Open) -> None:
    place = build(builder)
    builder.git("commit-graph", "write", "--reachable", "--changed-paths")
    graph = builder.path / "objects" / "info" / "commit-graph"
    data = graph.read_bytes()
    graph.chmod(0o644)
    for damaged in (b"", data[:100], os.urandom(len(data)), data[:1200] + bytes(byte ^ 85 for byte in data[1200:])):
        graph.write_bytes(damaged)
        assert refused(reopened(builder), place).isdisjoint({"blob", "stream", "folder", "entry", "commit", "refs"})


def test_a_missing_object_is_no_reason_to_ask_a_network(builder: GitBuilder, reopened: Open) -> None:
    builder.git("config", "remote.origin.url", "ext::touch /tmp/sprung")
    builder.git("config", "remote.origin.promisor", "true")
    builder.git("config", "extensions.partialClone", "origin")
    builder.git("config", "core.repositoryFormatVersion", "1")
    place = build(builder)
    loose(builder, id_of(builder, "main:d/file")).unlink()

    with pytest.raises(CorruptObjectError):
        reopened(builder).blob(place.commit_id, place.path, limit=10)
    with pytest.raises(CorruptObjectError):
        b"".join(READINGS["raw diff"](reopened(builder), place))  # type: ignore[arg-type]
    assert not pathlib.Path("/tmp/sprung").exists()


def test_any_bytes_as_a_repository(tmp_path: pathlib.Path) -> None:
    for number, (head, config) in enumerate([(b"", b""), (b"ref: refs/heads/main", b"\xff["), (b"x", b"[core")]):
        folder = tmp_path / f"{number}"
        (folder / "objects").mkdir(parents=True)
        (folder / "refs").mkdir()
        (folder / "HEAD").write_bytes(head)
        (folder / "config").write_bytes(config)
        with pytest.raises(VcsError), open_repository(folder, VcsOptions()) as repository:
            repository.log("1" * 40)
