"""One owner at a time, by the database's clock."""

import datetime

import pytest

from kallithea.services.application import Application, utc_now
from kallithea.services.leases import LeaseLostError
from kallithea.services.work import writing
from tests.applications import Clock

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def acquire(application: Application, owner: str, seconds: float = 60) -> int | None:
    with writing(application) as services:
        return services.leases.acquire("upkeep", owner, seconds)


def test_one_owner_at_a_time(application: Application) -> None:
    assert acquire(application, "a") == 1
    assert acquire(application, "b") is None
    assert acquire(application, "a") == 1


def test_ended_lease_gets_another_owner_and_fence(application: Application) -> None:
    assert acquire(application, "a", seconds=0) == 1
    assert acquire(application, "b") == 2
    assert acquire(application, "a") is None


def test_released_lease_is_free_at_once(application: Application) -> None:
    acquire(application, "a")
    with writing(application) as services:
        services.leases.release("upkeep", "b")
    assert acquire(application, "b") is None
    with writing(application) as services:
        services.leases.release("upkeep", "a")
    assert acquire(application, "b") == 2


def test_late_owner_is_recognised(application: Application) -> None:
    late = acquire(application, "a", seconds=0)
    assert late is not None
    acquire(application, "b")
    with pytest.raises(LeaseLostError), writing(application) as services:
        services.leases.note_done("upkeep", late)
    with writing(application) as services:
        assert services.leases.is_due("upkeep", HOUR)


def test_work_is_due_when_its_time_has_come(application: Application) -> None:
    fence = acquire(application, "a")
    assert fence is not None
    with writing(application) as services:
        assert services.leases.is_due("upkeep", HOUR)
        services.leases.note_done("upkeep", fence)
        assert not services.leases.is_due("upkeep", HOUR)
        assert services.leases.is_due("upkeep", datetime.timedelta(0))


def test_clock_is_the_database_s(application: Application) -> None:
    """The tests' own clock stands in another year."""
    with writing(application) as services:
        assert abs(services.leases.now() - utc_now()) < HOUR
