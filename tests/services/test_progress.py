"""How far a job is."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import CleanUp
from kallithea.core.words import Text, _, unpack
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.databases import DATABASES
from tests.services.test_outbox import stored_jobs


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def job_id(application: Application) -> int:
    with writing(application) as services:
        services.outbox.add(CleanUp())
    return stored_jobs(application)[0].outbox_id


def test_last_step_and_all_lines_are_kept(application: Application) -> None:
    number = job_id(application)
    with writing(application) as services:
        services.progress.set_(number, 10, "first", "line 1")
    with writing(application) as services:
        services.progress.set_(number, 20, "second")
        services.progress.set_(number, 250, "third", "line 2")

    with reading(application) as services:
        progress = services.progress.get(number)
    assert (progress.percent, progress.step, progress.log) == (100, "third", "line 1\nline 2\n")


@pytest.mark.parametrize("migrated_url", DATABASES[1:], indirect=True)
def test_job_that_is_cancelled_while_it_first_says_how_far_it_is_knows_both(application: Application) -> None:
    """On SQLite one unit writes after the other."""
    number = job_id(application)

    def say() -> None:
        with writing(application) as services:
            services.progress.set_(number, 10, "first")

    with ThreadPoolExecutor(1) as pool:
        with writing(application) as services:
            services.progress.cancel(number)
            services.session.flush()
            said = pool.submit(say)
            with pytest.raises(TimeoutError):
                said.result(timeout=0.5)
        said.result(timeout=30)

    with reading(application) as services:
        progress = services.progress.get(number)
    assert (progress.cancelled, progress.percent) == (True, 10)


def test_log_is_bounded_and_keeps_its_end(application: Application) -> None:
    number = job_id(application)
    with writing(application) as services:
        for count in range(100):
            services.progress.set_(number, 50, "s" * 1000, f"{count} " + "x" * 990)

    with reading(application) as services:
        progress = services.progress.get(number)
    assert len(progress.log) <= 20_000
    assert progress.log.startswith(("8", "7"))
    assert progress.log.endswith("99 " + "x" * 990 + "\n")
    assert len(progress.step) == 200


def test_step_is_stored_as_a_text_unless_it_is_too_long(application: Application) -> None:
    number = job_id(application)
    for length, kind in ((10, Text), (190, str)):
        with writing(application) as services:
            services.progress.set_(number, 10, _("Copying %(name)s", name="x" * length))
        with reading(application) as services:
            step = unpack(services.progress.get(number).step)
        assert (step, type(step)) == ("Copying " + "x" * length, kind)


def test_job_that_has_said_nothing(application: Application) -> None:
    with reading(application) as services, pytest.raises(NotFoundError):
        services.progress.get(7)
