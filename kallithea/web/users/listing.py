"""The list of accounts."""

from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.user_lists import UserRow, UserState
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.switch import Choice

_STATES = {
    UserState.ALL: _("All"),
    UserState.ACTIVE: _("Active"),
    UserState.DISABLED: _("Disabled"),
    UserState.ADMINISTRATORS: _("Administrators"),
}


@dataclass(frozen=True, slots=True)
class UsersPage:
    """A page of the accounts that the filter leaves."""

    words: str
    state: UserState
    states: tuple[Choice, ...]
    rows: tuple[UserRow, ...]
    total: int
    pager: Pager | None


def show_users(context: SiteContext, request: Request) -> UsersPage:
    """A page of the list."""
    size = request.visitor.looks.admin_list_length
    page, words, state = request.page_number(), request.query_text("f"), _state(request.query_text("state"))

    def address(chosen: UserState, number: int | None = None) -> str:
        shown = chosen.value if chosen is not UserState.ALL else None
        return request.links.page("_admin/users", f=words or None, state=shown, page=number)

    found = request.services.user_lists.list_(words=words, state=state, offset=(page - 1) * size, limit=size)
    return UsersPage(
        words,
        state,
        tuple(Choice(label, address(value), value is state) for value, label in _STATES.items()),
        found.rows,
        found.total,
        make_pager(page, size, found.total, lambda number: address(state, number)),
    )


def _state(text: str) -> UserState:
    return UserState(text) if text in set(UserState) else UserState.ALL
