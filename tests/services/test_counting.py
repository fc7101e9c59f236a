"""Commits are counted by jobs, those only that are new, and all of them where history was changed."""

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import CountRepository
from kallithea.model.repository_statistics import RepositoryStatistics
from kallithea.services import counting
from kallithea.services.application import Application
from kallithea.services.commit_counts import CommitCounts
from kallithea.services.counting import bring_up
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobContext, JobInterruptedError
from kallithea.services.settling import settle
from kallithea.services.statistics import Statistic
from kallithea.services.work import reading, writing
from kallithea.vcs.types import BusyError, Kind
from tests.applications import Clock
from tests.factories.repositories import ADA, BOB, GitBuilder, HgBuilder, RepositoryBuilder, make_builder
from tests.services.test_outbox import stored_jobs


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, application: Application) -> RepositoryBuilder:
    return make_builder(Kind(request.param), application.settings.repository_folder / "r")


@pytest.fixture
def repository_id(application: Application, builder: RepositoryBuilder) -> int:
    with writing(application) as services:
        return services.repositories.insert(
            COMMAND_LINE, kind=builder.kind, path="r", folder="r", owner_id=None, private=False
        ).repository_id


def _find(application: Application, repository_id: int) -> Statistic | None:
    with reading(application) as services:
        return services.statistics.find(repository_id)


def _counts(application: Application, repository_id: int) -> CommitCounts:
    found = bring_up(application, repository_id)
    assert found is not None
    assert found.counts is not None
    assert found == _find(application, repository_id)
    return found.counts


def _authors(counts: CommitCounts) -> dict[str, int]:
    return {author.name: author.commits for author in counts.first_authors()}


def test_a_push_has_its_commits_counted(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    settle(application, repository_id)
    builder.commit({b"a.py": b"1\n", b"b.py": b"1\n", b"c.c": b"1\n", b"unknown": b"1\n"})
    tip = builder.commit({b"a.py": b"2\n"}, author=BOB)
    settle(application, repository_id)
    (stored,) = stored_jobs(application, CountRepository)
    job = CountRepository(repository_id)
    assert (stored.arguments, stored.queue) == (job.arguments, "repack")
    HANDLERS[CountRepository](application, job, JobContext(application, 1))
    found = _find(application, repository_id)
    assert found is not None
    assert (found.commit_id, found.problem) == (tip, "")
    counts = _counts(application, repository_id)
    assert (counts.total, list(counts.weeks.values())) == (2, [2])
    assert _authors(counts) == {"Ada Lovelace": 1, "Bob": 1}
    assert counts.languages == {"Python": 2, "C": 1}


def test_what_was_counted_is_not_counted_again(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    first = builder.commit({b"a.py": b"1\n"})
    counts = _counts(application, repository_id)
    counts.total, counts.languages["Python"] = 1000, 900
    with writing(application) as services:
        services.statistics.ensure(repository_id, first, counts)
    assert _counts(application, repository_id).total == 1000
    second = builder.commit({b"a.py": b"2\n"}, author=BOB)
    builder.commit({b"a.py": b"3\n"}, parents=(second,), author=ADA)
    added = _counts(application, repository_id)
    assert (added.total, added.languages["Python"]) == (1002, 902)
    assert _authors(added) == {"Ada Lovelace": 2, "Bob": 1}


def test_blocks_together_are_everything(
    application: Application, builder: RepositoryBuilder, repository_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        builder.commit({b"a.py": b"%d\n" % number}, author=b"Name %d <one@example.org>" % number)
    whole = _counts(application, repository_id).dump()
    monkeypatch.setattr(counting, "_BLOCK", 2)
    with writing(application) as services:
        services.statistics.delete(repository_id)
    asked: list[int] = []
    found = bring_up(application, repository_id, check=lambda: asked.append(1))
    assert found is not None
    assert found.counts is not None
    assert (found.counts.dump(), len(asked)) == (whole, 3)
    assert _authors(found.counts) == {"Name 4": 5}


def test_history_that_was_changed_is_counted_anew(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    first = builder.commit({b"a.py": b"1\n"})
    second = builder.commit({b"b.c": b"1\n"}, author=BOB)
    assert _counts(application, repository_id).total == 2
    if isinstance(builder, HgBuilder):
        builder.strip(second)
    tip = builder.commit({b"c.py": b"1\n"}, parents=(first,))
    counts = _counts(application, repository_id)
    assert (counts.total, counts.languages) == (2, {"Python": 2})
    assert _authors(counts) == {"Ada Lovelace": 2}
    if isinstance(builder, GitBuilder):
        builder.git("update-ref", "refs/heads/main", first)
        builder.git("reflog", "expire", "--expire=now", "--all")
        builder.git("gc", "-q", "--prune=now")
    else:
        assert isinstance(builder, HgBuilder)
        builder.strip(tip)
    assert _counts(application, repository_id).total == 1


def test_changesets_that_were_replaced_are_not_counted(application: Application) -> None:
    builder = HgBuilder(application.settings.repository_folder / "r")
    with writing(application) as services:
        number = services.repositories.insert(
            COMMAND_LINE, kind=Kind.HG, path="r", folder="r", owner_id=None, private=False
        ).repository_id
    first = builder.commit({b"a.py": b"1\n"})
    old = builder.commit({b"b.py": b"1\n"}, author=BOB)
    for commit_id in (first, old):
        builder.set_phase(commit_id, "draft")
    assert _counts(application, number).total == 2
    builder.obsolete(old, builder.commit({b"b.py": b"2\n"}, parents=(first,)))
    assert _authors(_counts(application, number)) == {"Ada Lovelace": 2}


def test_another_branch_that_pages_begin_with_is_counted(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    first = builder.commit({b"a.py": b"1\n"})
    builder.commit({b"a.py": b"2\n"})
    builder.bookmark(b"old", first)
    assert _counts(application, repository_id).total == 2
    with writing(application) as services:
        services.repositories.get("r").landing_ref = b"old"
    assert _counts(application, repository_id).total == 1


def test_what_another_version_has_counted_is_counted_anew(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    builder.commit({b"a.py": b"1\n"})
    _counts(application, repository_id)
    with writing(application) as services:
        services.session.get_one(RepositoryStatistics, repository_id).counts = '{"format": 0}'
    assert _counts(application, repository_id).total == 1


def test_nothing_is_kept_where_statistics_are_left_out(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    assert bring_up(application, repository_id) is None
    builder.commit({b"a.py": b"1\n"})
    _counts(application, repository_id)
    with writing(application) as services:
        services.repositories.get("r").statistics = False
    assert bring_up(application, repository_id) is None
    assert _find(application, repository_id) is None
    assert bring_up(application, repository_id + 1) is None


def test_damage_is_remembered_until_there_is_something_new(application: Application, clock: Clock) -> None:
    application.clock = clock
    builder = GitBuilder(application.settings.repository_folder / "r")
    with writing(application) as services:
        number = services.repositories.insert(
            COMMAND_LINE, kind=Kind.GIT, path="r", folder="r", owner_id=None, private=False
        ).repository_id
    first = builder.commit({b"a.py": b"1\n"})
    tip = builder.commit({b"a.py": b"2\n"})
    loose = builder.path / "objects" / first[:2] / first[2:]
    kept = loose.read_bytes()
    loose.unlink()
    found = bring_up(application, number)
    assert found is not None
    assert (found.commit_id, found.counts) == (tip, None)
    assert found.problem
    clock.pass_(60)
    assert bring_up(application, number) == found
    loose.write_bytes(kept)
    builder.commit({b"a.py": b"3\n"})
    assert _counts(application, number).total == 3


def test_what_may_succeed_later_is_tried_again(
    application: Application, builder: RepositoryBuilder, repository_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.commit({b"a.py": b"1\n"})

    def be_busy(*_arguments: object) -> CommitCounts:
        raise BusyError("all slots are taken")

    monkeypatch.setattr(counting, "_count", be_busy)
    with pytest.raises(BusyError):
        bring_up(application, repository_id)
    assert _find(application, repository_id) is None


def test_counting_ends_when_the_worker_does(
    application: Application, builder: RepositoryBuilder, repository_id: int
) -> None:
    builder.commit({b"a.py": b"1\n"})
    context = JobContext(application, 1)
    context.interrupt.set()
    with pytest.raises(JobInterruptedError):
        HANDLERS[CountRepository](application, CountRepository(repository_id), context)
    assert _find(application, repository_id) is None
