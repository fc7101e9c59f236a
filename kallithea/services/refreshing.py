"""Has ready, after refs have moved, what pages are going to show and what takes long to find."""

import contextlib
from collections.abc import Callable

from kallithea.core.errors import NotFoundError
from kallithea.services.application import Application
from kallithea.services.repository_activity import count_weeks
from kallithea.services.revisions import find_landing
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import LimitExceededError

#: How long the folders of one repository may take together; less than the time limit of the job.
_SECONDS = 500.0


def refresh_last_changes(
    application: Application, repository_id: int, *, check: Callable[[], None] = lambda: None
) -> None:
    """Count what lists show, and find the last changes, at the commit that pages begin with.

    Nothing happens if the repository was deleted. ``check`` is called between folders, and may raise. Raises VcsError
    when it cannot be read.
    """
    try:
        with reading(application) as services:
            row = services.repositories.get_by_id(repository_id)
            repository = services.repositories.open(row)
            counted = services.repository_activities.find_commit_id(repository_id)
    except NotFoundError:
        return
    with repository:
        landing = find_landing(repository, row.landing_ref)
        if landing is not None:
            if landing.commit_id != counted:
                _count_weeks(application, repository, repository_id, landing.commit_id)
            application.last_changes.refresh(
                repository, repository_id, landing.commit_id, seconds=_SECONDS, check=check
            )


def _count_weeks(application: Application, repository: Repository, repository_id: int, commit_id: str) -> None:
    """Lists do without where this takes too long."""
    with contextlib.suppress(LimitExceededError):
        found = count_weeks(repository, commit_id, application.clock())
        with writing(application) as services:
            if services.repositories.find_by_id(repository_id) is not None:
                services.repository_activities.ensure(repository_id, found)
