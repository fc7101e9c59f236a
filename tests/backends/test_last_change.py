"""The last change of each entry of a folder, compared with what the real commands print."""

import pathlib
import random
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallithea.vcs.backend import Repository
from kallithea.vcs.last_change import LastChanges
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import EntryKind, Kind, LimitExceededError, PathNotFoundError, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.histories import History, random_history
from tests.factories.others import OTHERS, history_of_others
from tests.factories.real_log import real_last_changes
from tests.factories.repositories import PINNED, RepositoryBuilder, Sample, Submodule


def find(
    repository: Repository, commit_id: str, path: bytes = b"", known: LastChanges | None = None
) -> dict[bytes, str]:
    """The answers for all entries of a folder, by their whole paths."""
    names = [entry.name for entry in repository.folder(commit_id, path)]
    found = repository.last_changes(commit_id, path, names, known=known)
    assert found.commit_id == commit_id
    return {(path + b"/" if path else b"") + name: changed for name, changed in found.changes.items()}


def test_each_entry_has_the_commit_that_changed_it(repository: Repository, sample: Sample) -> None:
    assert find(repository, sample["merge"]) == {
        b"README.rst": sample["second"],
        b"link": sample["second"],
        b"run.sh": sample["first"],
        b"side.txt": sample["side"],
        b"src": sample["first"],
    }


def test_a_folder_has_changed_where_something_deep_in_it_has(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a/b/c/d": b"1", b"a/e": b"1", b"f": b"1"})
    second = builder.commit({b"a/b/c/d": b"2"})
    repository = reopened(builder)

    assert find(repository, second) == {b"a": second, b"f": first}
    assert find(repository, second, b"a") == {b"a/b": second, b"a/e": first}


def test_a_deletion_changes_the_folder(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a/x": b"1", b"a/y": b"1"})
    second = builder.commit({b"a/y": None})

    assert find(reopened(builder), second) == {b"a": second}


def test_what_a_merge_threw_away_is_passed_by(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"1", b"g": b"1"})
    main = builder.commit({b"g": b"2"})
    side = builder.commit({b"f": b"side"}, parents=(first,))
    # In Mercurial it takes a new revision of the file to bring the old content back.
    merge = builder.commit({b"f": b"1"} if builder.kind is Kind.HG else {}, parents=(main, side))

    found = find(reopened(builder), merge)

    assert found == {b"f": first if builder.kind is Kind.GIT else merge, b"g": main}


def test_names_may_be_any_bytes(builder: RepositoryBuilder, reopened: Open) -> None:
    names = [b"caf\xe9", "näme".encode(), b"-n", b":(top)x", b"*", b'tab\t"quoted"', b"/".join([b"M", b"A"])]
    if builder.kind is Kind.GIT:
        names += [b"line\nbreak", b"\nM"]
    first = builder.commit(dict.fromkeys(names, b"1") | {b"-d/" + names[0]: b"1"})
    last = builder.commit(dict.fromkeys(names[::2], b"2"))
    repository = reopened(builder)

    found = find(repository, last)

    assert list(found.values()) == real_last_changes(builder.kind, builder.path, [(last, path) for path in found])
    assert found[b"caf\xe9"] == last
    assert find(repository, last, b"-d") == {b"-d/caf\xe9": first}


def test_a_sub_repository_has_changed_where_it_was_pinned(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"sub": Submodule("1" * 40), b"other": Submodule("1" * 40), b"f": b"1"})
    pinned = builder.commit({b"sub": Submodule(PINNED), b"other": Submodule("1" * 40)})
    moved = builder.commit({b"sub": Submodule(PINNED), b"other": Submodule("2" * 40)})
    last = builder.commit({b"f": b"2"})

    found = find(reopened(builder), last)

    assert (found[b"sub"], found[b"other"]) == (pinned, moved)


def test_only_the_names_that_were_asked_for(repository: Repository, sample: Sample) -> None:
    found = repository.last_changes(sample["merge"], b"", [b"run.sh"])

    assert found.changes == {b"run.sh": sample["first"]}


def test_what_is_not_there(repository: Repository, sample: Sample) -> None:
    with pytest.raises(RevisionNotFoundError):
        repository.last_changes("f" * 40, b"", [b"run.sh"])
    for path in (b"absent", b"run.sh"):
        with pytest.raises(PathNotFoundError):
            repository.last_changes(sample["merge"], path, [b"run.sh"])


def test_the_time_is_limited(repository: Repository, sample: Sample) -> None:
    with pytest.raises(LimitExceededError, match="took longer than 0 seconds"):
        repository.last_changes(sample["merge"], b"", [b"run.sh", b"src"], seconds=0)


def test_what_is_known_of_a_lost_commit_is_not_used(repository: Repository, sample: Sample) -> None:
    lost = LastChanges("e" * 40, {b"run.sh": "d" * 40, b"src": "d" * 40})

    assert find(repository, sample["merge"], known=lost) == find(repository, sample["merge"])


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_any_history(kind: Kind, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = random_history(kind, pathlib.Path(folder) / "r", seed, 40)
        found: dict[tuple[str, bytes], str] = {}
        with open_repository(kind, history.path, VcsOptions()) as repository:
            for commit_id in _some_commits(repository, history, seed, 3):
                for path in _folders(repository, commit_id):
                    found |= {(commit_id, entry): one for entry, one in find(repository, commit_id, path).items()}

        assert list(found.values()) == real_last_changes(kind, history.path, list(found))


@pytest.mark.parametrize("name", OTHERS)
def test_a_history_of_others(kind: Kind, folder_of_others: pathlib.Path, name: str) -> None:
    history = history_of_others(kind, name, folder_of_others)
    found: dict[tuple[str, bytes], str] = {}
    with open_repository(kind, history.path, VcsOptions()) as repository:
        for commit_id in _some_commits(repository, history, 1, 5):
            for path in _folders(repository, commit_id):
                found |= {(commit_id, entry): one for entry, one in find(repository, commit_id, path).items()}

    assert list(found.values()) == real_last_changes(kind, history.path, list(found))


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_what_is_known_of_another_commit_changes_no_answer(kind: Kind, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = random_history(kind, pathlib.Path(folder) / "r", seed, 80)
        with open_repository(kind, history.path, VcsOptions()) as repository:
            known: dict[bytes, LastChanges] = {}
            for commit_id in _some_commits(repository, history, seed, 6):
                for path in _folders(repository, commit_id)[:3]:
                    names = [entry.name for entry in repository.folder(commit_id, path)]
                    found = repository.last_changes(commit_id, path, names)
                    if path in known:
                        assert repository.last_changes(commit_id, path, names, known=known[path]) == found
                    known[path] = found


def _some_commits(repository: Repository, history: History, seed: int, count: int) -> list[str]:
    """A head, and some commits before it."""
    commits = [commit.commit_id for commit in repository.log(history.heads[-1], limit=1000).commits]
    return [commits[0], *random.Random(seed).sample(commits[1:], min(count - 1, len(commits) - 1))]


def _folders(repository: Repository, commit_id: str) -> list[bytes]:
    """The root and the folders in it."""
    return [b""] + [entry.path for entry in repository.folder(commit_id, b"") if entry.kind is EntryKind.FOLDER]
