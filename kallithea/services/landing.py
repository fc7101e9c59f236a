"""Choosing what the pages of a repository begin with."""

from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.model.repository import Repository
from kallithea.render.text import decode
from kallithea.services.scope import Services

_LONGEST_NAME = 1000


def parse_landing(services: Services, repository: Repository, text: str) -> bytes:
    """The name of the branch, bookmark or tag that was written; nothing means the repository's own default.

    What is written already stays, whether it is there or not. Raises InvalidError where there is none of this name,
    RepositoryMissingError, VcsError.
    """
    stored = repository.landing_ref or b""
    if not text or text == show_landing(services, stored):
        return stored if text else b""
    name = text.encode("utf-8", "surrogateescape")
    with services.repositories.open(repository) as opened:
        if len(name) > _LONGEST_NAME or opened.find_ref(name) is None:
            words = _(
                "there is no branch, bookmark or tag '%(name)s'; write the name of one, or nothing", name=text[:100]
            )
            raise InvalidError({"landing": words})
    return name


def show_landing(services: Services, name: bytes) -> str:
    """The name as text."""
    return decode(name, services.application.settings.default_encoding)
