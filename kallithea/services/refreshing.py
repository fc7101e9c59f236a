"""Has ready, after refs have moved, what pages are going to show and what takes long to find."""

from kallithea.core.errors import NotFoundError
from kallithea.services.application import Application
from kallithea.services.work import reading

#: How long the folders of one repository may take together; less than the time limit of the job.
_SECONDS = 500.0


def refresh_last_changes(application: Application, repository_id: int) -> None:
    """Find the last changes at the head of the default branch. Nothing happens if the repository was deleted.

    Raises VcsError when the repository cannot be read.
    """
    try:
        with reading(application) as services:
            repository = services.repositories.open(services.repositories.get_by_id(repository_id))
    except NotFoundError:
        return
    with repository:
        default = repository.default_ref()
        if default is not None:
            application.last_changes.refresh(repository, repository_id, default.commit_id, seconds=_SECONDS)
