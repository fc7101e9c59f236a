"""The names that are offered while somebody types one."""

from dataclasses import dataclass

from kallithea.web.context import Context
from kallithea.web.permissions.spot import FindSpot
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class NamesPart:
    """Names of accounts and of groups of users, as the field takes them."""

    names: tuple[str, ...]


class Names:
    """The names for one kind of spot."""

    def __init__(self, find: FindSpot) -> None:
        self._find = find

    def show(self, context: Context, request: Request) -> NamesPart:
        """The first names that hold what has been typed."""
        services, viewer = request.services, request.visitor.viewer
        self._find(context).load(services, viewer)
        return NamesPart(services.permission_matrices.offered_names(viewer, request.query.get("q", "")))
