"""Lists of networks from which people may come: the site's, and one of each account."""

from dataclasses import dataclass

from kallithea.core.allow_lists import FIELD
from kallithea.core.errors import InvalidError
from kallithea.model.user import User
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.users.finding import get_user

SITE_PAGE = "_admin/permissions/ips"
USER_PAGE = "_admin/users/ips"

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class AllowListPage:
    """The form. ``user_id`` is None and ``name`` empty on the page of the site.

    ``own_address``: from where who asks comes; ``site_networks``: what the site's list has, on the page of an account;
    ``has_list``: whether any network is stored.
    """

    address: str
    side_page: str
    user_id: int | None
    name: str
    networks: str
    problem: str
    saved: bool
    has_list: bool
    own_address: str
    site_networks: tuple[str, ...]


def show_list_of_site(context: SiteContext, request: Request) -> AllowListPage:
    """The list that counts for everybody."""
    return _page(request, None, request.services.settings.networks, saved="saved" in request.query)


def save_list_of_site(context: SiteContext, request: Request) -> AllowListPage | Response:
    """Change it, unless that would keep out whoever asks."""
    text = request.form.get("networks", "")[:_LONGEST]
    try:
        with writing(request.application) as services:
            services.allow_lists.set_for_site(request.actor, text, request.address)
    except InvalidError as problem:
        request.response.status_int = 422
        with reading(request.application) as services:
            return _page(request, None, services.settings.networks, typed=text, problem=problem.problems[FIELD])
    return redirect(request.links.page(SITE_PAGE, saved=1))


def show_list_of_user(context: SiteContext, request: Request) -> AllowListPage:
    """The list that counts for one account, beside the site's."""
    user = get_user(context, request.services)
    saved = "saved" in request.query
    return _page(request, user, user.networks or "", saved=saved, site_networks=request.services.settings.networks)


def save_list_of_user(context: SiteContext, request: Request) -> AllowListPage | Response:
    """Change it; nobody keeps themselves out."""
    text = request.form.get("networks", "")[:_LONGEST]
    try:
        with writing(request.application) as services:
            user = get_user(context, services)
            services.allow_lists.set_for_user(request.actor, user, text, request.address)
            user_id = user.user_id
    except InvalidError as problem:
        request.response.status_int = 422
        words = problem.problems[FIELD]
        with reading(request.application) as services:
            user, site_networks = get_user(context, services), services.settings.networks
            return _page(request, user, user.networks or "", typed=text, problem=words, site_networks=site_networks)
    return redirect(request.links.page(f"{USER_PAGE}/{user_id}", saved=1))


def _page(  # a page has that many properties, most of them with a default
    request: Request,
    user: User | None,
    stored: str,
    *,
    typed: str | None = None,
    problem: str = "",
    saved: bool = False,
    site_networks: str = "",
) -> AllowListPage:
    """The form with what is stored, or with what was ``typed``."""
    shown = "\n".join(stored.split()) if typed is None else typed
    name = SITE_PAGE if user is None else f"{USER_PAGE}/{user.user_id}"
    return AllowListPage(
        request.links.page(name),
        SITE_PAGE if user is None else "_admin/users",
        None if user is None else user.user_id,
        "" if user is None else user.name,
        shown,
        problem,
        saved,
        bool(stored),
        request.address or "?",
        tuple(site_networks.split()),
    )
