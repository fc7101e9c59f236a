"""How many commits repositories got lately."""

import datetime

import pytest

from kallithea.core.jobs import FindLastChanges
from kallithea.model.repository_activity import RepositoryActivity
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobContext
from kallithea.services.repository_activity import CountedWeeks, recent_weeks
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind, LimitExceededError
from tests.applications import Clock
from tests.factories.people import Factory
from tests.factories.repositories import make_builder

_MONDAY = datetime.date(2029, 12, 31)
_DAY = 86400


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ((2029, 12, 31), (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3)),
        ((2030, 1, 6), (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3)),
        ((2030, 1, 7), (0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0)),
        ((2030, 3, 24), (3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        ((2035, 1, 1), (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        # a clock that is behind the one that counted
        ((2029, 12, 24), (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3)),
    ],
)
def test_weeks_pass(day: tuple[int, int, int], weeks: tuple[int, ...]) -> None:
    now = datetime.datetime(*day, 23, 59, tzinfo=datetime.UTC)
    assert recent_weeks(_MONDAY, "0 0 0 0 0 0 0 0 0 1 2 3", now) == weeks


def test_what_nobody_counted_is_not_known() -> None:
    assert recent_weeks(None, None, datetime.datetime.now(datetime.UTC)) == ()


@pytest.fixture(params=Kind)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


def _count(application: Application, repository_id: int) -> None:
    HANDLERS[FindLastChanges](application, FindLastChanges(repository_id), JobContext(application, 1))


def test_the_job_after_a_push_counts_what_lists_show(
    application: Application, clock: Clock, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.clock = clock
    people = Factory(application)
    tool = people.repository("tool", kind=kind, folder="tool")
    builder = make_builder(kind, application.settings.repository_folder / "tool")
    first_day = int(datetime.datetime(2029, 12, 31, tzinfo=datetime.UTC).timestamp())
    for number, days in enumerate((-78, -77, -7, -1, 0, 0)):
        builder.commit({b"a": b"%d" % number}, date=f"{first_day + days * _DAY} +0000")
    _count(application, tool.repository_id)
    assert _weeks(people) == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2)
    clock.pass_(7 * _DAY)
    # up to the same commit nothing is counted again
    assert _weeks(people) == (0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0)
    with monkeypatch.context() as patch:
        patch.setattr("kallithea.services.refreshing.count_weeks", None)
        _count(application, tool.repository_id)
    builder.commit({b"a": b"new"}, date=f"{first_day + 8 * _DAY} +0000")
    _count(application, tool.repository_id)
    assert _weeks(people) == (0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 1)
    with writing(application) as services:
        services.repositories.get("tool").statistics = False
    assert _weeks(people) == ()


def test_counting_that_takes_too_long_is_done_without(
    application: Application, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = Factory(application)
    tool = people.repository("tool", kind=kind, folder="tool")
    make_builder(kind, application.settings.repository_folder / "tool").commit({b"a": b"1"})

    def take_long(*_arguments: object) -> CountedWeeks:
        raise LimitExceededError("long")

    monkeypatch.setattr("kallithea.services.refreshing.count_weeks", take_long)
    _count(application, tool.repository_id)
    assert _weeks(people) == ()


def test_what_was_counted_is_replaced_and_goes_with_the_repository(every_application: Application) -> None:
    people = Factory(every_application)
    tool = people.repository("tool")
    for count in (1, 2):
        with writing(every_application) as services:
            counted = CountedWeeks("a" * 64, _MONDAY, (100_000 * count,) * 12)
            services.repository_activities.ensure(tool.repository_id, counted)
    with reading(every_application) as services:
        row = services.session.get_one(RepositoryActivity, tool.repository_id)
        assert (row.commit_id, row.monday, row.weeks) == ("a" * 64, _MONDAY, " ".join(["200000"] * 12))
    with writing(every_application) as services:
        services.session.delete(services.repositories.get("tool"))
    with reading(every_application) as services:
        assert services.repository_activities.find_commit_id(tool.repository_id) is None


def _weeks(people: Factory) -> tuple[int, ...]:
    viewer = people.viewer(people.user(super_administrator=True))
    with reading(people.application) as services:
        (row,) = services.repository_lists.list_(viewer).rows
        return row.weeks
