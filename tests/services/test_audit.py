"""The record of administration."""

import datetime

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.services import audit
from kallithea.services.application import Application
from kallithea.services.audit import AuditFilter
from kallithea.services.work import reading, writing
from tests.applications import NOON, Clock

_DAY = datetime.timedelta(days=1)


def note(application: Application, *actions: str) -> None:
    """An entry a day, the first at noon."""
    clock = Clock()
    application.clock = clock
    for action in actions:
        with writing(application) as services:
            services.audit.add(COMMAND_LINE, action, "user:a_b")
        clock.pass_(_DAY.total_seconds())


def listed(application: Application, chosen: AuditFilter) -> list[str]:
    with reading(application) as services:
        return [entry.action for entry in services.audit.list_(chosen)]


def test_filter(every_application: Application) -> None:
    note(every_application, "user.create", "user-group.create", "user.update")
    for chosen, found in (
        (AuditFilter(), ["user.update", "user-group.create", "user.create"]),
        (AuditFilter(kind="user"), ["user.update", "user.create"]),
        (AuditFilter(target="A_B", since=NOON + _DAY), ["user.update", "user-group.create"]),
        (AuditFilter(until=NOON + _DAY), ["user.create"]),
        (AuditFilter(target="axb"), []),
        (AuditFilter(actor="command"), []),
    ):
        assert listed(every_application, chosen) == found


def test_old_entries_are_deleted_in_batches_and_that_is_noted(
    every_application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_BATCH", 2)
    note(every_application, "user.create", "user.update", "user.disable", "user.enable")
    counts = list[int]()
    while not counts or counts[-1]:
        with writing(every_application) as services:
            counts.append(services.audit.delete_older(COMMAND_LINE, NOON + 3 * _DAY))
    assert counts == [2, 1, 0]
    assert listed(every_application, AuditFilter()) == ["audit.delete", "audit.delete", "user.enable"]


def test_entries_are_final(application: Application) -> None:
    note(application, "user.create")
    with pytest.raises(TypeError, match="is final"), writing(application) as services:
        services.audit.list_()[0].actor_name = "somebody else"
    with pytest.raises(TypeError, match="is final"), writing(application) as services:
        services.session.delete(services.audit.list_()[0])
    assert listed(application, AuditFilter()) == ["user.create"]
