"""What the pages of a repository can begin with."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import one_line
from kallithea.services.scope import Services
from kallithea.vcs.types import Refs, VcsError
from kallithea.web.contents import all_refs
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request

#: More names than this are found by writing them.
MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class LandingChoice:
    """``names`` are offered. ``problem`` says why what is stored does not count, empty where it does."""

    names: tuple[str, ...]
    problem: str


def find_landing_choice(context: RepositoryContext, request: Request, services: Services) -> LandingChoice:
    """The names of the repository, and whether the stored one is among them."""
    try:
        with services.repositories.open(context.repository) as repository:
            refs = all_refs(context, request, repository)
    except VcsError:
        return LandingChoice((), _("The repository cannot be read now."))
    return LandingChoice(_names(refs, request.application.settings.default_encoding), _problem(context, request, refs))


def _names(refs: Refs, encodings: Sequence[str]) -> tuple[str, ...]:
    found = [ref for ref in (*refs.branches, *refs.bookmarks, *refs.tags) if not ref.closed]
    return tuple(dict.fromkeys(one_line(ref.name, encodings) for ref in found[:MOST_NAMES]))


def _problem(context: RepositoryContext, request: Request, refs: Refs) -> str:
    stored = context.repository.landing_ref
    if not stored or any(ref.name == stored for ref in (*refs.branches, *refs.bookmarks, *refs.tags)):
        return ""
    if refs.default is None:
        return _("There is no branch, bookmark or tag of this name: the repository is empty.")
    shown = one_line(refs.default.name, request.application.settings.default_encoding)
    return _("There is no branch, bookmark or tag of this name any more. Pages begin with %(name)s.", name=shown)
