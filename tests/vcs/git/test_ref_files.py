"""What is read from the files of refs is what the git program says."""

import pathlib

import pytest

from kallithea.vcs.git.ref_files import RefFiles, is_possible_name
from tests.factories.repositories import GitBuilder


def told_by_git(builder: GitBuilder) -> dict[bytes, str]:
    output = builder.git("for-each-ref", "--format=%(objectname) %(refname)")
    pairs = (line.partition(b" ") for line in output.splitlines())
    return {name: object_id.decode() for object_id, _, name in pairs}


@pytest.fixture
def harbour(builder: GitBuilder) -> GitBuilder:
    """Refs of every kind; the later ones are loose, those before them packed."""
    first = builder.commit({b"a": b"1"}, branch=b"main")
    builder.annotated_tag(b"v1", first)
    builder.annotated_tag(b"nested", builder.annotated_tag(b"inner", first), target_kind="tag")
    builder.ref(b"refs/tags/tree", builder.git("rev-parse", "main^{tree}").decode().strip())
    builder.ref(b"refs/heads/moved", first)
    builder.ref(b"refs/heads/deleted", first)
    builder.git("pack-refs", "--all")
    second = builder.commit({b"a": b"2"}, branch=b"main")
    builder.ref(b"refs/heads/moved", second)
    builder.ref(b"refs/heads/feature/x", second)
    builder.ref(b"refs/pull/1/head", second)
    builder.git("update-ref", "-d", "refs/heads/deleted")
    builder.git("symbolic-ref", "refs/heads/alias", "refs/heads/feature/x")
    return builder


def test_all_refs_are_those_that_git_lists(harbour: GitBuilder) -> None:
    found = RefFiles(harbour.path).list_(b"refs/")
    assert found == told_by_git(harbour)
    assert b"refs/heads/alias" in found


def test_each_ref_is_found_by_its_name(harbour: GitBuilder) -> None:
    files = RefFiles(harbour.path)
    assert {name: files.find(name) for name in told_by_git(harbour)} == told_by_git(harbour)
    assert files.find(b"refs/heads/deleted") is None


def test_packed_tags_lead_to_what_git_peels_them_to(harbour: GitBuilder) -> None:
    ends = {name: end.decode() for _, name, end in RefFiles(harbour.path).rows(b"refs/tags/")}
    assert ends == {
        name: harbour.git("rev-parse", f"{name.decode()}^{{}}").decode().strip()
        for name in (b"refs/tags/v1", b"refs/tags/nested", b"refs/tags/inner", b"refs/tags/tree")
    }


@pytest.mark.parametrize("others", [0, 20], ids=["few", "many"])
def test_refs_at_some_objects_are_those_of_all_that_are_there(harbour: GitBuilder, others: int) -> None:
    ids = {name: object_id.encode() for name, object_id in told_by_git(harbour).items()}
    harbour.ref(b"refs/heads/" + ids[b"refs/tags/v1"], ids[b"refs/heads/main"].decode())
    harbour.git("pack-refs", "--all")
    files = RefFiles(harbour.path)
    everything = list(files.rows(b"refs/"))
    none = [f"{number:040x}".encode() for number in range(others)]
    for object_id in {one for row in everything for one in (row[0], row[2]) if one}:
        expected = [row for row in everything if object_id in (row[0], row[2])]
        found = list(files.rows(b"refs/", at=[object_id, *none]))
        assert expected
        assert [row for row in found if object_id in (row[0], row[2])] == expected
        assert {row[1] for row in found} <= {row[1] for row in expected} | {b"refs/heads/alias"}


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("found", [3, 20])
def test_refs_at_many_objects_are_found(tmp_path: pathlib.Path, object_format: str, found: int) -> None:
    builder = GitBuilder(tmp_path / "r", object_format)
    target = builder.commit({b"a": b"1"}, branch=b"main")
    ids = [builder.annotated_tag(b"v%d" % number, target).encode() for number in range(20)]
    builder.git("pack-refs", "--all")
    none = [b"%0*x" % (len(target), number) for number in range(20)]
    rows = RefFiles(builder.path).rows(b"refs/tags/", at=[*ids[:found], *none])
    assert {(row[1], row[2]) for row in rows} == {
        (b"refs/tags/v%d" % number, target.encode()) for number in range(found)
    }


def test_only_the_object_tells_where_a_loose_tag_leads(harbour: GitBuilder) -> None:
    tag_id = harbour.annotated_tag(b"v2", harbour.git("rev-parse", "main").decode().strip())
    rows = RefFiles(harbour.path).rows(b"refs/tags/")
    assert (tag_id.encode(), b"refs/tags/v2", b"") in list(rows)


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"ref:", b"ref: ../../etc/passwd", b"0" * 40, b"ref: refs/heads/loop"]
)
def test_a_broken_ref_is_left_out_and_spoils_no_other(harbour: GitBuilder, content: bytes) -> None:
    (harbour.path / "refs" / "heads" / "loop").write_bytes(content)
    found = RefFiles(harbour.path).list_(b"refs/")
    assert b"refs/heads/loop" not in found
    assert b"refs/heads/main" in found
    assert RefFiles(harbour.path).find(b"refs/heads/loop") is None


@pytest.mark.parametrize(
    "name",
    [
        b"refs/heads/../../HEAD",
        b"refs/heads/.hidden",
        b"refs/heads/a.lock",
        b"refs/heads/a.lock/b",
        b"refs/heads//a",
        b"refs/heads/a\0b",
        b"refs/heads/a b",
        b"refs/heads/@{1}",
        b"refs/heads/",
        b"HEAD",
        b"",
    ],
)
def test_names_that_git_refuses_are_no_names(harbour: GitBuilder, name: bytes) -> None:
    assert not is_possible_name(name)
    assert RefFiles(harbour.path).find(name) is None


def test_a_file_that_is_being_written_is_no_ref(harbour: GitBuilder) -> None:
    (harbour.path / "refs" / "heads" / "main.lock").write_text("1" * 40)
    assert RefFiles(harbour.path).list_(b"refs/") == told_by_git(harbour)
