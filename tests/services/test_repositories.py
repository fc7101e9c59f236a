"""Repositories: rows, lists of what may be read, and where the files lie."""

import json

import pytest
from sqlalchemy import func, select

from kallithea.core.access import SIGNED_IN, Level
from kallithea.core.actor import Actor, Way
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError
from kallithea.model.grant import Grant, repository_key
from kallithea.model.location import Location
from kallithea.model.outbox import OutboxJob
from kallithea.services.application import Application
from kallithea.services.journal import JournalFilter
from kallithea.services.work import reading, writing
from kallithea.vcs import opener
from kallithea.vcs.types import Kind
from tests.factories.people import Factory

ADA = Actor(None, "ada", Way.WEB)


def test_repository_is_found_by_path_in_whatever_case(application: Application) -> None:
    people = Factory(application)
    people.group("Tools")
    made = people.repository("Tools/Hammer", kind=Kind.HG, description="hits", private=True)
    with reading(application) as services:
        found = services.repositories.get("tools/HAMMER")
        assert found.repository_id == made.repository_id
        assert (found.path, found.name, found.kind, found.description, found.private) == (
            "Tools/Hammer",
            "Hammer",
            "hg",
            "hits",
            True,
        )
        assert services.repositories.get_by_id(made.repository_id) is found
        assert services.repositories.find("tools") is None
        with pytest.raises(NotFoundError):
            services.repositories.get("x")
        with pytest.raises(NotFoundError):
            services.repositories.get_by_id(404)


def test_folder_belongs_to_one_repository(application: Application) -> None:
    people = Factory(application)
    people.repository("one", folder="same")
    with pytest.raises(ConflictError):
        people.repository("two", folder="same")


def test_description_that_cannot_be_stored_is_refused(application: Application) -> None:
    for description in ("nul\0", "\ud800", "x" * 10_001):
        with pytest.raises(InvalidError, match="use at most 10\u202f000 characters"):
            Factory(application).repository("tool", description=description)


def test_new_repository_is_in_audit_and_journal(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    with writing(application) as services:
        services.repositories.insert(ADA, kind=Kind.GIT, path="tool", folder="tool", owner_id=ada.user_id)
    with reading(application) as services:
        audit = services.audit.list_()[0]
        assert (audit.action, audit.target) == ("repository.create", "repository:tool")
        (event,) = services.journal.list_(services.permissions.viewer_for(ada))
        assert (event.action, event.path, event.user_name) == ("repository.create", "tool", "ada")
        assert json.loads(event.details) == {}


def test_deleted_repository_leaves_only_its_story(every_application: Application) -> None:
    people = Factory(every_application)
    tool = people.repository("tool", folder="some/folder")
    people.grant(SIGNED_IN, Level.READ, on=tool)
    target = repository_key(tool.repository_id)
    with writing(every_application) as services:
        services.repositories.delete(ADA, services.repositories.get("tool"))
    with reading(every_application) as services:
        assert services.session.scalar(select(func.count()).select_from(Location)) == 0
        assert services.session.scalars(select(Grant).where(Grant.target_key == target)).all() == []
        job = services.session.scalars(select(OutboxJob).where(OutboxJob.kind == "RemoveFolder")).one()
        assert (job.kind, json.loads(job.arguments)["folder"]) == ("RemoveFolder", "some/folder")
        assert services.audit.list_()[0].action == "repository.delete"
    # the place is free again
    people.repository("tool", folder="some/folder")


def test_journal_shows_what_may_be_read(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    tool, _ = people.repository("tool"), people.repository("hidden")
    people.grant(ada, Level.READ, on=tool)
    with reading(application) as services:
        viewer = services.permissions.viewer_for(ada)
        assert [event.path for event in services.journal.list_(viewer)] == ["tool"]
        assert len(services.journal.list_(viewer, JournalFilter(repository_id=tool.repository_id))) == 1
        assert services.journal.list_(services.permissions.viewer_for(None)) == ()


def test_files_are_opened_where_the_row_says(application: Application) -> None:
    folder = application.settings.repository_folder / "some" / "where"
    folder.parent.mkdir(parents=True)
    opener.create_repository(Kind.GIT, folder, application.vcs_options)
    made = Factory(application).repository("tool", folder="some/where")
    with reading(application) as services:
        assert services.repositories.folder(made) == folder
        with services.repositories.open(made) as repository:
            assert repository.kind is Kind.GIT
            assert repository.is_empty()
