"""Changing what a group is called, who owns it, and whether it counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.user_groups import UserGroupChange
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.named_users import find_owner
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark
from kallithea.web.user_groups.fields import group_fields
from kallithea.web.user_groups.finding import get_user_group, page_of

Typed = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form. ``name`` is the stored one."""

    user_group_id: int
    name: str
    fields: tuple[TextField, ...]
    active: bool
    record: RecordForm


def show_edit(context: SiteContext, request: Request) -> EditPage:
    """The form with what is stored."""
    return _make_page(context, request, request.services, None, {})


def update(context: SiteContext, request: Request) -> EditPage | Response:
    """Change the group, or show the form again and say what is wrong."""
    form = request.form
    typed = (form.get("name", "").strip(), form.get("description", "").strip(), form.get("owner", "").strip())
    active = bool(form.get("active"))

    def save() -> str:
        with writing(request.application) as services:
            group = get_user_group(context, services, request.viewer_in(services))
            owner = find_owner(services, "owner", typed[2], group.owner_id)
            change = UserGroupChange(typed[0], typed[1], owner, active)
            services.user_groups.update(request.actor, group, change, sent_mark(request))
            return page_of(request, services, group, "edit", Level.ADMIN)

    def show_again(services: Services, problems: Mapping[str, str]) -> EditPage:
        return _make_page(context, request, services, (typed, active), problems)

    return change_or_show_again(request, save, show_again)


def _make_page(
    context: SiteContext,
    request: Request,
    services: Services,
    form: tuple[Typed, bool] | None,
    problems: Mapping[str, str],
) -> EditPage:
    group = get_user_group(context, services, request.visitor.viewer)
    owner = None if group.owner_id is None else services.users.find_by_id(group.owner_id)
    typed, active = form or ((group.name, group.description, owner.name if owner is not None else ""), group.active)
    record = make_record_form(request, problems, services.user_groups.mark(group), _("The group is saved."))
    return EditPage(group.user_group_id, group.name, group_fields(*typed, problems), active, record)
