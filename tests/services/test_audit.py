"""The record of administration."""

import datetime
import json

import pytest

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.services import audit
from kallithea.services.application import Application
from kallithea.services.audit import AuditFilter
from kallithea.services.work import reading, writing
from tests.applications import NOON, Clock
from tests.factories.people import Factory

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


def entries(application: Application, *actions: str) -> dict[str, tuple[dict[str, object], dict[str, object]]]:
    """What is noted before and after, by the action and what it was done to."""
    with reading(application) as services:
        return {
            f"{entry.action} {entry.target}": (json.loads(entry.before or "{}"), json.loads(entry.after or "{}"))
            for entry in services.audit.list_()
            if entry.action in actions
        }


def test_owners_are_noted_with_what_is_new(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    people.group("a", owner=ada)
    people.repository("a/r", owner=ada)
    with writing(application) as services:
        services.user_groups.create(COMMAND_LINE, None, name="crew", owner=ada)
    found = entries(application, "repository-group.create", "repository.create", "user-group.create")
    assert {name: after["owner"] for name, (_before, after) in found.items()} == {
        "repository-group.create group:a": "ada",
        "repository.create repository:a/r": "ada",
        "user-group.create user-group:crew": "ada",
    }


def test_what_ends_with_something_is_noted_with_it(application: Application) -> None:
    people = Factory(application)
    ada, bob = people.user("ada"), people.user("bob")
    crew, group = people.user_group(ada, bob, name="crew"), people.group("a")
    repository, root = people.repository("r"), people.user("root", super_administrator=True)
    for subject, place in ((ada, repository), (crew, repository), (ada, group), (SIGNED_IN, group), (crew, None)):
        people.grant(subject, Level.READ, on=place)
    with writing(application) as services:
        _token, text = services.tokens.create(COMMAND_LINE, ada)
        viewer = services.permissions.viewer_for(root)
        services.repositories.delete(COMMAND_LINE, services.repositories.get("r"))
        services.repository_group_settings.delete(COMMAND_LINE, viewer, group.repository_group_id)
    with writing(application) as services:
        services.permissions.set_(COMMAND_LINE, None, Subject(SubjectKind.USER, bob.user_id), Level.WRITE)
        services.user_removal.delete(COMMAND_LINE, services.users.get("bob"), None)
        services.user_groups.delete(COMMAND_LINE, services.user_groups.get("crew"))
        services.user_removal.delete(COMMAND_LINE, services.users.get("ada"), None)
    found = entries(application, "repository.delete", "repository-group.delete", "user.delete", "user-group.delete")
    before = {name: values for name, (values, _after) in found.items()}
    assert before["repository.delete repository:r"]["grants"] == {"user:ada": "read", "user-group:crew": "read"}
    assert before["repository-group.delete group:a"]["grants"] == {"signed-in": "read", "user:ada": "read"}
    assert before["user.delete user:bob"] == {
        "name": "bob",
        "email": None,
        "tokens": [],
        "grants": {"site": "write"},
        "user_groups": ["crew"],
    }
    assert before["user-group.delete user-group:crew"]["members"] == ["ada"]
    assert before["user-group.delete user-group:crew"]["grants"] == {"site": "read"}
    assert before["user.delete user:ada"]["tokens"] == [text[:10]]
