"""Leases that outlive a dead owner by seconds, and a living one never."""

import contextlib
import time
from collections.abc import Iterator

import pytest

from kallithea.search.engine import SearchError
from kallithea.services import held_leases, index_turns
from kallithea.services.application import Application
from kallithea.services.held_leases import HasLeases, LeaseTakenError, hold
from kallithea.services.index_turns import IndexTurns
from kallithea.services.leases import LeaseLostError
from kallithea.services.work import writing


@pytest.fixture
def units(application: Application) -> held_leases.OpenUnit:
    return lambda: writing(application)


def test_whoever_lives_keeps_it_and_nobody_else_gets_it(
    units: held_leases.OpenUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_leases, "LEASE_SECONDS", 0.6)
    with hold(units, "x") as held:
        # longer than it would last without being kept
        for _look in range(9):
            time.sleep(0.1)
            with pytest.raises(LeaseTakenError), hold(units, "x"):
                pass
        held.require()
    with hold(units, "x"):
        pass


def test_who_was_dead_for_long_learns_that_it_is_lost(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_leases, "LEASE_SECONDS", -1.0)
    monkeypatch.setattr(held_leases.HeldLease, "keep", lambda self: None)

    @contextlib.contextmanager
    def units() -> Iterator[HasLeases]:
        with writing(application) as services:
            yield services

    with hold(units, "x") as held, hold(units, "x") as after:
        after.require()
        with pytest.raises(LeaseLostError):
            held.require()


def test_turns_are_waited_for_and_not_for_ever(units: held_leases.OpenUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = IndexTurns(units)
    with turns() as check:
        check()
        monkeypatch.setattr(index_turns, "_PATIENCE_SECONDS", 0.0)
        with pytest.raises(SearchError, match="too long"), turns():
            pass
    with turns() as check:
        check()
