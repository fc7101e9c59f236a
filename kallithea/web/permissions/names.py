"""The names that are offered while somebody types one."""

from dataclasses import dataclass

from kallithea.web.context import Context
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class NamesPart:
    """Names of accounts and of groups of users, as the field takes them."""

    names: tuple[str, ...]


def show_names(context: Context, request: Request) -> NamesPart:
    """The first names that hold what has been typed."""
    return NamesPart(request.services.permission_matrices.offered_names(request.query.get("q", "")))
