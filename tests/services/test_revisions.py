"""From the segments of an address to a commit and a path."""

import pathlib

import pytest

from kallithea.services.folders import find_readme
from kallithea.services.revisions import find_revision
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import EntryKind, Kind, RevisionNotFoundError, TreeEntry
from tests.factories.repositories import make_builder


@pytest.mark.parametrize("kind", Kind)
def test_ids_win_then_the_longest_ref_then_prefixes(kind: Kind, tmp_path: pathlib.Path) -> None:
    builder = make_builder(kind, tmp_path / "r")
    first = builder.commit({b"f": b"1"})
    second = builder.commit({b"f": b"2"})
    builder.bookmark(b"a/b/c", first)
    builder.bookmark(b"b", first)
    with open_repository(kind, builder.path, VcsOptions()) as repository:
        refs = repository.refs()
        assert refs.default is not None

        def find(address: bytes, at: bytes | None = None) -> tuple[str, bytes, bytes | None]:
            found = find_revision(repository, address.split(b"/") if address else (), at=at)
            return found.commit_id, found.path, found.ref.name if found.ref is not None else None

        assert find(b"") == (second, b"", refs.default.name)
        assert find(second.encode() + b"/x") == (second, b"x", None)
        assert find(second.encode() + b"/x", at=refs.default.name) == (second, b"x", refs.default.name)
        assert find(second.encode() + b"/x", at=b"b") == (second, b"x", None)
        assert find(b"a/b/c/d") == (first, b"d", b"a/b/c")
        assert find(b"b/c") == (first, b"c", b"b")
        assert find(b"x/c", at=b"a/b/c") == (first, b"c", b"a/b/c")
        assert find(b"a/b/c/c", at=b"a/b/c") == (first, b"c", b"a/b/c")
        assert find(second[:10].encode() + b"/f") == (second, b"f", None)
        for address, at in ((b"a/b", None), (b"0" * 40, None), (b"f", b"nothing"), (b"\xff", None), (b"-x", None)):
            with pytest.raises(RevisionNotFoundError):
                find(address, at)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([b"README.txt", b"README.md", b"README.rst"], b"README.md"),
        ([b"readme", b"README.txt"], b"README.txt"),
        ([b"ReadMe"], b"ReadMe"),
        ([b"README.html", b"READMEFIRST", b"readme.py"], None),
        ([], None),
    ],
)
def test_which_file_is_the_readme(names: list[bytes], found: bytes | None) -> None:
    readme = find_readme([TreeEntry(name, EntryKind.FILE, 1, "x") for name in names])
    assert (readme.path if readme is not None else None) == found


def test_a_folder_or_link_is_no_readme() -> None:
    kinds = (EntryKind.FOLDER, EntryKind.SYMLINK, EntryKind.SUBREPOSITORY)
    assert find_readme([TreeEntry(b"README", kind, None, "x") for kind in kinds]) is None
