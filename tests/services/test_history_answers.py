"""What is said of a history whose older part comes later."""

import datetime
import pathlib

import pytest

from kallithea.cache.stores import open_caches
from kallithea.services.authorship import read_activity, read_contributors
from kallithea.services.blame import BlameQuestion, read_blame
from kallithea.services.changelog import read_count, read_history
from kallithea.services.last_changes import LastChanges, place_of
from kallithea.vcs.git.repository import open_repository, read_fingerprint
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from tests.factories.repositories import BOB, FIRST_DATE, GitBuilder

_NOW = datetime.datetime.fromtimestamp(FIRST_DATE, datetime.UTC) + datetime.timedelta(hours=1)


@pytest.fixture
def builder(tmp_path: pathlib.Path) -> GitBuilder:
    return GitBuilder(tmp_path / "repository")


def test_a_shallow_history_that_is_deepened_gives_other_answers(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    caches = open_caches(tmp_path / "cache", size=1 << 24, archive_folder=tmp_path / "archives", archive_size=1 << 20)
    changes = LastChanges(caches.small, tmp_path / "turns")
    first = builder.commit({b"f": b"a\n", b"g": b"x\n"}, author=BOB)
    second = builder.commit({b"f": b"a\nb\n"})
    last = builder.commit({b"f": b"a\nb\nc\n"})

    def read() -> dict[str, object]:
        with open_repository(builder.path, VcsOptions()) as repository:
            blame = read_blame(caches, 1, repository, BlameQuestion(last, b"f"), seconds=60)
            found = changes.read(repository, place_of(1, b"", 2, 1), last)
            return {
                "blame": [group.commit_id for group in blame.groups],
                "last change": found[b"g"].commit_id if found is not None else None,
                "count": read_count(caches.small, 1, repository, last),
                "people": read_contributors(caches.small, 1, repository, last).total,
                "commits": sum(read_activity(caches.small, 1, repository, last, _NOW)),
                "history": len(read_history(caches.small, 1, repository, last, LogFilter())[0].commits),
                "parents": repository.commit(second).parent_ids,
            }

    (builder.path / "shallow").write_text(f"{second}\n")
    before, fingerprint = read(), read_fingerprint(builder.path)
    (builder.path / "shallow").unlink()
    after = read()

    assert before == {
        "blame": [second, last],
        "last change": second,
        "count": 2,
        "people": 1,
        "commits": 2,
        "history": 2,
        "parents": (),
    }
    assert after == {
        "blame": [first, second, last],
        "last change": first,
        "count": 3,
        "people": 2,
        "commits": 3,
        "history": 3,
        "parents": (first,),
    }
    assert read_fingerprint(builder.path) != fingerprint
    assert read() == after
