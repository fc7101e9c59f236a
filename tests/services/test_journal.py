"""Whose journal has what, on every engine."""

import datetime

import pytest

from kallithea.core.access import VISITORS, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.journal import EVERYTHING, JournalFilter, Scope
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.factories.people import Factory
from tests.statements import counted

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """Five repositories: ada owns one, follows one, may read one; visitors read one; one is hidden from all."""
    application = every_application
    application.clock = clock
    people = Factory(application)
    ada, bob = people.user("ada"), people.user("bob")
    people.group("Deep")
    for path in ("own", "followed", "Deep/readable", "public", "hidden"):
        clock.pass_(3600)
        people.repository(path)
    with writing(application) as services:
        services.settings.set_(COMMAND_LINE, "visitors", "true")
        services.repositories.get("own").owner_id = ada.user_id
        for path in ("followed", "Deep/readable"):
            services.permissions.set_(COMMAND_LINE, services.repositories.get(path), _subject(ada), Level.READ)
        services.permissions.set_(COMMAND_LINE, services.repositories.get("public"), VISITORS, Level.READ)
        for path in ("followed", "hidden"):
            services.followers.ensure(ada.user_id, services.repositories.get(path).repository_id)
        services.journal.add(
            Actor(bob.user_id, "bob", Way.WEB), "push", services.repositories.get("public"), {"refs": []}
        )
    return application


def _subject(user: User) -> Subject:
    return Subject(SubjectKind.USER, user.user_id)


def paths(
    application: Application, user: str | None, scope: Scope, chosen: JournalFilter = EVERYTHING, limit: int = 50
) -> list[str]:
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get(user) if user else None)
        return [row.path for row in services.journal.list_(viewer, chosen, scope=scope, limit=limit)]


def test_scopes(application: Application) -> None:
    assert paths(application, "ada", Scope.OWN) == ["followed", "own"]
    assert paths(application, "ada", Scope.READABLE) == ["public", "public", "Deep/readable", "followed", "own"]
    assert paths(application, "ada", Scope.PUBLIC) == ["public", "public"]
    assert paths(application, None, Scope.PUBLIC) == ["public", "public"]
    assert paths(application, None, Scope.OWN) == []
    assert len(paths(application, None, Scope.SITE)) == 6


def test_what_is_revoked_is_gone_at_once(application: Application) -> None:
    with writing(application) as services:
        ada = services.users.get("ada")
        services.permissions.set_(COMMAND_LINE, services.repositories.get("followed"), _subject(ada), None)
    assert paths(application, "ada", Scope.OWN) == ["own"]
    with writing(application) as services:
        services.settings.set_(COMMAND_LINE, "visitors", "false")
    assert paths(application, None, Scope.PUBLIC) == []
    assert "public" not in paths(application, "ada", Scope.READABLE)


def test_filters(application: Application, clock: Clock) -> None:
    found = paths(application, None, Scope.SITE, JournalFilter(user="BOB"))
    assert found == ["public"]
    assert paths(application, None, Scope.SITE, JournalFilter(path="deep")) == ["Deep/readable"]
    assert paths(application, None, Scope.SITE, JournalFilter(path="DEEP/Readable")) == ["Deep/readable"]
    assert paths(application, None, Scope.SITE, JournalFilter(path="dee_")) == []
    assert paths(application, None, Scope.SITE, JournalFilter(action="push")) == ["public"]
    assert paths(application, None, Scope.SITE, JournalFilter(since=clock.now - HOUR, action="repository.create")) == [
        "hidden",
        "public",
    ]
    assert paths(application, None, Scope.SITE, JournalFilter(until=clock.now - 3 * HOUR)) == ["own"]
    assert paths(application, None, Scope.SITE, JournalFilter(user="nul\0", path="nul\0")) == []


def test_pages_go_on_after_a_key(application: Application) -> None:
    with reading(application) as services:
        viewer, seen, older = services.permissions.viewer_for(None), [], None
        while page := services.journal.list_(viewer, scope=Scope.SITE, older_than=older, limit=2):
            seen += [row.entry_id for row in page]
            older = page[-1].entry_id
        whole = services.journal.list_(viewer, scope=Scope.SITE)
    assert seen == sorted(seen, reverse=True) == [row.entry_id for row in whole]


def test_names_outlive_what_they_name(application: Application) -> None:
    with writing(application) as services:
        for path in ("own", "Deep/readable"):
            services.session.delete(services.repositories.get(path))
        bob = services.users.get("bob")
        services.session.delete(bob)
    with reading(application) as services:
        rows = services.journal.list_(services.permissions.viewer_for(None), scope=Scope.SITE)
    assert [(row.path, row.kind) for row in rows if row.path == "own"] == [("own", "")]
    assert rows[0].user_name == "bob"
    assert "own" not in paths(application, "ada", Scope.READABLE)
    assert paths(application, None, Scope.SITE, JournalFilter(path="OWN")) == ["own"]
    assert paths(application, None, Scope.SITE, JournalFilter(path="DEEP")) == ["Deep/readable"]
    assert paths(application, None, Scope.SITE, JournalFilter(path="dee_")) == []


@pytest.mark.parametrize("scope", Scope)
def test_one_statement_beside_those_for_rights(application: Application, scope: Scope) -> None:
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        services.permissions.tree(viewer)
        with counted(application.engine) as statements:
            services.journal.list_(viewer, JournalFilter(user="bob", path="x"), scope=scope)
    assert len(statements) == 1


def delete(application: Application, *paths: str) -> None:
    with writing(application) as services:
        for path in paths:
            services.repositories.delete(COMMAND_LINE, services.repositories.get(path))


DELETIONS = JournalFilter(action="repository.delete")


def test_a_deletion_is_told_to_those_who_could_read(application: Application) -> None:
    delete(application, "own", "followed", "Deep/readable", "public", "hidden")
    readable = ["public", "Deep/readable", "followed", "own"]
    assert paths(application, "ada", Scope.READABLE) == readable
    assert paths(application, "ada", Scope.OWN) == ["followed", "own"]
    for user in ("ada", "bob", None):
        assert paths(application, user, Scope.PUBLIC) == ["public"]
    assert paths(application, "bob", Scope.READABLE) == ["public"]
    assert paths(application, "bob", Scope.OWN) == paths(application, None, Scope.OWN) == []
    assert paths(application, None, Scope.SITE, DELETIONS) == ["hidden", *readable]
    with writing(application) as services:
        services.settings.set_(COMMAND_LINE, "visitors", "false")
    assert paths(application, "bob", Scope.READABLE) == paths(application, None, Scope.PUBLIC) == []


def test_administrators_are_told_of_each_deletion(application: Application) -> None:
    Factory(application).user("root", super_administrator=True)
    delete(application, "hidden")
    assert paths(application, "root", Scope.READABLE, DELETIONS) == ["hidden"]


def test_a_deletion_is_kept_from_tokens_that_do_not_reach_it(application: Application) -> None:
    delete(application, "own")
    with reading(application) as services:
        ada = services.users.get("ada").user_id
        bound = services.permissions.viewer_of_user(ada, only=frozenset({1}))
        without = services.permissions.viewer_of_user(ada, ceiling=Level.NONE)
        assert services.journal.list_(bound, DELETIONS) == services.journal.list_(without, DELETIONS) == ()


def test_the_deletion_of_what_is_there_again_is_for_those_who_read_it_now(application: Application) -> None:
    with writing(application) as services:
        repository = services.repositories.get("public")
        repository_id, path = repository.repository_id, application.settings.repository_folder / repository.folder
    path.mkdir(parents=True)
    delete(application, "public")
    with writing(application) as services:
        restored = services.deleted_repositories.restore(COMMAND_LINE, repository_id, path="public", folder="public")
        assert paths(application, None, Scope.PUBLIC, DELETIONS) == ["public"]
        restored.private = True
    assert paths(application, None, Scope.PUBLIC, DELETIONS) == []
    delete(application, "public")
    assert paths(application, None, Scope.PUBLIC, DELETIONS) == []
