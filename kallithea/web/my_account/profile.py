"""The names of one's own account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

_NAME = "_admin/my_account"


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The form; ``problems`` are by field. ``saved`` is said after a change, empty else."""

    name: str
    first_name: str
    last_name: str
    saved: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def show_profile(context: SiteContext, request: Request) -> ProfilePage:
    """The names as they are."""
    user = request.services.users.get_by_id(request.visitor.member_id)
    saved = _("Your names are saved.") if "saved" in request.query else ""
    return ProfilePage(user.name, user.first_name, user.last_name, saved)


def update_profile(context: SiteContext, request: Request) -> ProfilePage | Response:
    """Store other names, or say what is wrong with them."""
    first_name, last_name = request.form.get("firstname", ""), request.form.get("lastname", "")
    visitor = request.visitor
    try:
        request.services.profiles.change_names(request.actor, visitor.member_id, first_name, last_name)
    except InvalidError as problem:
        request.response.status_int = 422
        return ProfilePage(visitor.name, first_name, last_name, problems=problem.problems)
    return redirect(request.links.page(_NAME, saved=1))
