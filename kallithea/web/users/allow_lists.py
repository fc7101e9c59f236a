"""Lists of networks from which people may come: the site's, and one of each account."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kallithea.core.allow_lists import FIELD
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark
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
    record: RecordForm
    has_list: bool
    own_address: str
    site_networks: tuple[str, ...]


def show_list_of_site(context: SiteContext, request: Request) -> AllowListPage:
    """The list that counts for everybody."""
    return _page(request, request.services, None)


def save_list_of_site(context: SiteContext, request: Request) -> AllowListPage | Response:
    """Change it, unless that would keep out whoever asks."""
    text = request.form.get("networks", "")[:_LONGEST]

    def change() -> str:
        with writing(request.application) as services:
            services.allow_lists.set_for_site(request.actor, text, request.address, sent_mark(request))
        return request.links.page(SITE_PAGE, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> AllowListPage:
        return _page(request, services, None, text, problems)

    return change_or_show_again(request, change, show_again, field=FIELD)


def show_list_of_user(context: SiteContext, request: Request) -> AllowListPage:
    """The list that counts for one account, beside the site's."""
    return _page(request, request.services, get_user(context, request.services))


def save_list_of_user(context: SiteContext, request: Request) -> AllowListPage | Response:
    """Change it; nobody keeps themselves out."""
    text = request.form.get("networks", "")[:_LONGEST]

    def change() -> str:
        with writing(request.application) as services:
            user = get_user(context, services)
            services.allow_lists.set_for_user(request.actor, user, text, request.address, sent_mark(request))
            return request.links.page(f"{USER_PAGE}/{user.user_id}", saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> AllowListPage:
        return _page(request, services, get_user(context, services), text, problems)

    return change_or_show_again(request, change, show_again, field=FIELD)


def _page(
    request: Request,
    services: Services,
    user: User | None,
    typed: str | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
) -> AllowListPage:
    """The form with what is stored, or with what was ``typed``."""
    of_site, lists = services.settings.networks, services.allow_lists
    stored = of_site if user is None else user.networks or ""
    name = SITE_PAGE if user is None else f"{USER_PAGE}/{user.user_id}"
    mark = lists.mark_of_site() if user is None else lists.mark_of_user(user)
    return AllowListPage(
        request.links.page(name),
        SITE_PAGE if user is None else "_admin/users",
        None if user is None else user.user_id,
        "" if user is None else user.name,
        "\n".join(stored.split()) if typed is None else typed,
        problems.get(FIELD, ""),
        make_record_form(request, problems, mark, _("The list is saved, and counts from the next request on.")),
        bool(stored),
        request.address or "?",
        () if user is None else tuple(of_site.split()),
    )
