"""Hands the numbers of due jobs over to the broker. Any number of processes may do this at the same time."""

import threading
import time

from kallithea.core.errors import UnavailableError
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.services.worker_process import LOOK_SECONDS, Schedule, listening, name_process, surviving
from kallithea.tasks.broker import Broker

_BATCH = 100
_FIRST_PAUSE_SECONDS, _LAST_PAUSE_SECONDS = 1.0, 15.0


class Relay:
    """One process's share of handing over. After a failure it pauses, twice as long each time."""

    def __init__(self, application: Application, broker: Broker) -> None:
        self._application = application
        self._broker = broker
        self._pause = 0.0
        self._next = 0.0

    def hand_over_all(self, stop: threading.Event) -> None:
        """Hand over what is due, unless there was a failure a moment ago. Raises as ``hand_over`` does."""
        if time.monotonic() < self._next:
            return
        try:
            while not stop.is_set() and self.hand_over():
                self._pause = 0.0
        except UnavailableError:
            self._pause = min(max(self._pause * 2, _FIRST_PAUSE_SECONDS), _LAST_PAUSE_SECONDS)
            self._next = time.monotonic() + self._pause
            raise

    def hand_over(self) -> int:
        """Hand over a batch and tell how many that were. Raises UnavailableError, also where the broker is away."""
        with reading(self._application) as services:
            if not services.handed_jobs.are_due():
                return 0
        with writing(self._application) as services:
            jobs = services.handed_jobs.choose(_BATCH)
        sent = 0
        try:
            for job in jobs:
                self._broker.send(job)
                sent += 1
        finally:
            if sent < len(jobs):
                with writing(self._application) as services:
                    services.handed_jobs.take_back([job.outbox_id for job in jobs[sent:]])
        return sent


def run_relay(application: Application, broker: Broker, stop: threading.Event) -> None:
    """Hand jobs over, and run the schedule, until ``stop`` is set. Raises UnavailableError as ``run_worker`` does."""
    relay, schedule = Relay(application, broker), Schedule(application, name_process())
    with listening(application) as listener:
        while not stop.is_set():
            schedule.run()
            with surviving():
                relay.hand_over_all(stop)
            listener.wait(LOOK_SECONDS)
    broker.close()
