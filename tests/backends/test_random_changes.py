"""Whatever changes are asked for: either the commit holds exactly them, or they contradict the files or each other."""

import pathlib
import tempfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import (
    AddFile,
    DeleteFile,
    EditFile,
    FileChange,
    MoveFile,
    NothingChangedError,
    RefusedPathError,
)
from tests.backends.test_merging import contents
from tests.factories.repositories import make_builder
from tests.factories.writing import request, to_nobody

Files = dict[bytes, bytes]

_PATHS = st.sampled_from([b"a", b"b", b"a/x", b"a/y", b"b/z", b"a/x/deep", b"c"])
_DATA = st.sampled_from([b"", b"1", b"2\n"])
_CHANGES = st.one_of(
    st.builds(AddFile, _PATHS, _DATA),
    st.builds(EditFile, _PATHS, _DATA),
    st.builds(DeleteFile, _PATHS),
    st.builds(MoveFile, _PATHS, _PATHS, st.none() | _DATA),
)


def fits(files: Files) -> bool:
    """Whether no file lies in the place of a folder."""
    return not any(other.startswith(path + b"/") for path in files for other in files)


def apply(files: Files, changes: list[FileChange]) -> Files | None:
    """The files after the changes, None where these contradict the files or each other."""
    taken: list[bytes] = []
    written: list[tuple[bytes, bytes]] = []
    new: list[bytes] = []
    for change in changes:
        match change:
            case AddFile(path, bytes(data)):
                written.append((path, data))
                new.append(path)
            case EditFile(path, bytes(data)) if path in files:
                written.append((path, data))
            case DeleteFile(path) if path in files:
                taken.append(path)
            case MoveFile(old, path, data) if old in files:
                taken.append(old)
                written.append((path, data if isinstance(data, bytes) else files[old]))
                new.append(path)
            case _:
                return None
    paths = [path for path, _ in written]
    in_the_way = [path for path in new if path in files and path not in taken]
    folders = [path for path in paths if any(other.startswith(path + b"/") for other in files)]
    if len(set(taken)) < len(taken) or len(set(paths)) < len(paths) or in_the_way or folders:
        return None
    result = {path: data for path, data in files.items() if path not in taken} | dict(written)
    return result if fits(result) else None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.dictionaries(_PATHS, _DATA, min_size=1).filter(fits), changes=st.lists(_CHANGES, min_size=1, max_size=4)
)
def test_random_changes(kind: Kind, files: Files, changes: list[FileChange]) -> None:
    expected = apply(files, changes)
    with tempfile.TemporaryDirectory() as folder:
        builder = make_builder(kind, pathlib.Path(folder) / "repository")
        first = builder.commit({b"always": b"there", **files})
        with open_repository(kind, builder.path, VcsOptions()) as repository:
            try:
                made = repository.commit_files(request(kind, first, *changes), to_nobody)
            except RefusedPathError:
                assert expected is None
            except NothingChangedError:
                assert expected == files
            else:
                found = {path: data for path, (_, data) in contents(repository, made).items() if path != b"always"}
                assert found == expected
                assert found != files
