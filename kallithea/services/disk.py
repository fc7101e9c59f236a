"""Where repositories lie, and how their backends run: what opening one needs, without a unit of work."""

import pathlib
from dataclasses import dataclass

from kallithea.model.repository import Repository
from kallithea.services.application import Application
from kallithea.vcs import backend, opener
from kallithea.vcs.types import Kind


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder that all repositories lie in."""

    folder: pathlib.Path
    options: opener.VcsOptions

    def path(self, repository: Repository) -> pathlib.Path:
        """Absolute path of the repository's files."""
        return self.folder / repository.folder

    def open(self, repository: Repository) -> backend.Repository:
        """The repository's files, to be used in a ``with`` statement. Raises RepositoryMissingError."""
        return opener.open_repository(Kind(repository.kind), self.path(repository), self.options)


def disk_of(application: Application) -> Disk:
    """That of the site."""
    return Disk(application.settings.repository_folder, application.vcs_options)
