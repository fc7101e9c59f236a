"""What the journal learns of a push afterwards."""

import contextlib
import json

import pytest
from sqlalchemy import select

from kallithea.model.audit import AuditEntry
from kallithea.services import push_descriptions
from kallithea.services.application import Application
from kallithea.services.job_context import JobInterruptedError
from kallithea.services.journal_details import MOST_NAMED, parse_push
from kallithea.services.push_descriptions import describe_push
from kallithea.services.work import reading, writing
from kallithea.vcs.types import BusyError, Kind, LimitExceededError, TooLargeError, VcsError
from tests.applications import Clock
from tests.factories.pushes import last_entry, push, work
from tests.factories.repositories import RepositoryBuilder
from tests.statements import counted
from tests.web.site import Site


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, application: Application) -> RepositoryBuilder:
    site = Site(application)
    site.user("ada")
    return site.repository("r", Kind(request.param))


def commit(builder: RepositoryBuilder, count: int, branch: bytes | None = None) -> list[str]:
    return [builder.commit({b"a": b"%d" % number}, message=b"Nr %d" % number, branch=branch) for number in range(count)]


def test_a_push_is_one_row_with_a_count_and_its_newest_commits(
    application: Application, builder: RepositoryBuilder
) -> None:
    push(application, "r", "ada", lambda: commit(builder, 1))
    ids = push(application, "r", "ada", lambda: commit(builder, 25))
    entry = last_entry(application)
    assert not parse_push(entry.details).described
    work(application)
    details = parse_push(last_entry(application).details)
    assert (details.described, details.count, len(details.commits)) == (True, 25, MOST_NAMED)
    assert (details.commits[0].commit_id, details.commits[0].subject) == (ids[-1], "Nr 24")
    assert details.commits[0].author == "Ada Lovelace"


def test_a_new_branch_counts_what_no_other_has(application: Application, builder: RepositoryBuilder) -> None:
    push(application, "r", "ada", lambda: commit(builder, 3))
    push(application, "r", "ada", lambda: commit(builder, 2, b"side"))
    work(application)
    assert parse_push(last_entry(application).details).count == 2


def test_a_huge_push_is_a_small_row(application: Application, builder: RepositoryBuilder) -> None:
    def make() -> None:
        (tip,) = commit(builder, 1)
        for number in range(150):
            builder.bookmark(b"b%d" % number, tip)
        builder.commit({b"b": b"1"}, message=b"x" * 100_000, author=b"y" * 1000 + b" <y@example.org>")

    push(application, "r", "ada", make)
    work(application)
    details = last_entry(application).details
    push_details = parse_push(details)
    assert push_details.more >= 50
    assert len(details) < 32_000


def test_describing_again_changes_nothing(application: Application, builder: RepositoryBuilder) -> None:
    push(application, "r", "ada", lambda: commit(builder, 2))
    work(application)
    entry = last_entry(application)
    with counted(application.engine) as statements:
        describe_push(application, entry.journal_entry_id)
        describe_push(application, 4711)
    assert len(statements) == 2
    assert last_entry(application).details == entry.details


def test_a_repository_that_cannot_be_read_leaves_the_count_out(
    application: Application, builder: RepositoryBuilder
) -> None:
    push(application, "r", "ada", lambda: commit(builder, 2))
    entry = last_entry(application)
    builder.path.rename(builder.path.with_name("elsewhere"))
    describe_push(application, entry.journal_entry_id)
    details = parse_push(last_entry(application).details)
    assert (details.described, details.count, details.commits) == (True, None, ())


@pytest.mark.parametrize("problem", [BusyError("busy"), LimitExceededError("slow"), TooLargeError("large")], ids=str)
def test_what_may_pass_is_tried_again(
    application: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch, problem: VcsError
) -> None:
    site = Site(application)
    site.user("ada")
    builder = site.repository("r", Kind.GIT)
    application.clock = clock
    push(application, "r", "ada", lambda: commit(builder, 1))
    entry = last_entry(application)

    def fail(*_arguments: object) -> None:
        raise problem

    def describe() -> bool:
        with contextlib.suppress(BusyError, LimitExceededError):
            describe_push(application, entry.journal_entry_id)
        return parse_push(last_entry(application).details).described

    with monkeypatch.context() as patch:
        patch.setattr(push_descriptions, "open_repository", fail)
        assert describe() is isinstance(problem, TooLargeError)
        clock.pass_(3600)
        assert describe() is not isinstance(problem, BusyError)
    assert describe()


def test_it_ends_between_two_refs(application: Application, builder: RepositoryBuilder) -> None:
    (first, second) = push(application, "r", "ada", lambda: commit(builder, 2))
    push(application, "r", "ada", lambda: builder.bookmark(b"old", first))
    push(application, "r", "ada", lambda: builder.bookmark(b"old", second))
    entry = last_entry(application)

    def end() -> None:
        raise JobInterruptedError("the worker ends")

    with pytest.raises(JobInterruptedError):
        describe_push(application, entry.journal_entry_id, check=end)
    assert not parse_push(last_entry(application).details).described


def test_a_deleted_repository_is_left_alone(application: Application, builder: RepositoryBuilder) -> None:
    push(application, "r", "ada", lambda: commit(builder, 2))
    entry = last_entry(application)
    with writing(application) as services:
        services.session.delete(services.repositories.get("r"))
    describe_push(application, entry.journal_entry_id)
    with reading(application) as services:
        assert services.repositories.find("r") is None
    assert not parse_push(last_entry(application).details).described


def _noted(
    application: Application, action: str = "repository.force-push"
) -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    chosen = select(AuditEntry).where(AuditEntry.action == action)
    with reading(application) as services:
        rows = services.session.scalars(chosen.order_by(AuditEntry.audit_entry_id)).all()
    return [
        (f"{row.actor_name} {row.address}", row.target, json.loads(row.before), json.loads(row.after)) for row in rows
    ]


def test_moves_by_force_are_in_the_audit_log(application: Application, builder: RepositoryBuilder) -> None:
    (first, second, third) = push(application, "r", "ada", lambda: commit(builder, 3))
    ref = "bookmarks/old" if builder.kind is Kind.HG else "refs/heads/old"
    for target in (second, third):
        push(application, "r", "ada", lambda target=target: builder.bookmark(b"old", target))  # type: ignore[misc]
    work(application)
    assert _noted(application) == []
    push(application, "r", "ada", lambda: builder.bookmark(b"old", first))
    work(application)
    [(who, target, before, after)] = _noted(application)
    assert (who, target, list(before.values()), list(after.values())) == (
        "ada 192.0.2.1",
        "repository:r",
        [third],
        [first],
    )
    assert list(before) == list(after) == [ref]
    work(application)
    assert len(_noted(application)) == 1


def test_of_many_refs_moved_by_force_all_are_in_the_audit_log(
    application: Application, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, second) = push(application, "r", "ada", lambda: commit(builder, 2))

    def move(target: str) -> None:
        for number in range(102):
            builder.bookmark(b"b%d" % number, target)

    push(application, "r", "ada", lambda: move(second))
    work(application)
    monkeypatch.setattr(push_descriptions, "_MOST_LOOKED_AT", 101)
    push(application, "r", "ada", lambda: move(first))
    work(application)
    assert [len(before) for _who, _target, before, _after in _noted(application)] == [100, 1]
    assert [len(after) for *_rest, after in _noted(application, "repository.move-refs")] == [1]
    assert len(last_entry(application).details) < 32_000
