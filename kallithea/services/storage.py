"""Whether the repository folder is the one that the database tells of, or an empty place where it is mounted."""

import os

from kallithea.core.errors import UnavailableError
from kallithea.core.words import _
from kallithea.model.repository import oldest_folders
from kallithea.services.scope import Services

# Some may be lost without the others.
_LOOKED_AT = 20


def require_storage(services: Services) -> None:
    """Raise UnavailableError where none of the oldest repositories is there, though there are some.

    What was made then would vanish behind the folder that comes back.
    """
    base = services.application.settings.repository_folder
    folders = services.session.scalars(oldest_folders(_LOOKED_AT)).all()
    if folders and not any(os.path.isdir(base / folder) for folder in folders):  # noqa: PTH112  # one that never fails
        raise UnavailableError(
            _("The folder of the repositories cannot be reached. Nothing was changed; try again later.")
        )
