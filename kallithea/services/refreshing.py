"""Has ready, after refs have moved, what pages are going to show and what takes long to find."""

from kallithea.core.errors import NotFoundError
from kallithea.services.application import Application
from kallithea.services.revisions import find_landing
from kallithea.services.work import reading

#: How long the folders of one repository may take together; less than the time limit of the job.
_SECONDS = 500.0


def refresh_last_changes(application: Application, repository_id: int) -> None:
    """Find the last changes at the commit that pages begin with. Nothing happens if the repository was deleted.

    Raises VcsError when the repository cannot be read.
    """
    try:
        with reading(application) as services:
            row = services.repositories.get_by_id(repository_id)
            repository = services.repositories.open(row)
    except NotFoundError:
        return
    with repository:
        landing = find_landing(repository, row.landing_ref)
        if landing is not None:
            application.last_changes.refresh(repository, repository_id, landing.commit_id, seconds=_SECONDS)
