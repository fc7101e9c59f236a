"""The names of one's own account."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark

_NAME = "_admin/my_account"


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The form; ``problems`` are by field."""

    name: str
    first_name: str
    last_name: str
    record: RecordForm
    problems: Mapping[str, str]
    # what the frame would say
    saved: str = ""


def show_profile(context: SiteContext, request: Request) -> ProfilePage:
    """The names as they are."""
    user = request.services.users.get_by_id(request.visitor.member_id)
    return _make_page(request, request.services, user.first_name, user.last_name, {})


def update_profile(context: SiteContext, request: Request) -> ProfilePage | Response:
    """Store other names, or say what is wrong with them."""
    first_name, last_name = request.form.get("firstname", ""), request.form.get("lastname", "")
    visitor = request.visitor

    def change() -> str:
        with writing(request.application) as services:
            services.profiles.change_names(request.actor, visitor.member_id, first_name, last_name, sent_mark(request))
        return request.links.page(_NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> ProfilePage:
        return _make_page(request, services, first_name, last_name, problems)

    return change_or_show_again(request, change, show_again)


def _make_page(
    request: Request, services: Services, first_name: str, last_name: str, problems: Mapping[str, str]
) -> ProfilePage:
    user = services.users.get_by_id(request.visitor.member_id)
    record = make_record_form(request, problems, services.profiles.mark(user), _("Your names are saved."))
    return ProfilePage(user.name, first_name, last_name, record, problems)
