"""The settings of a group of repositories: what it is called, where it lies, whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.core.words import _
from kallithea.services.repository_group_settings import GroupChange
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import GroupContext
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form. ``groups`` are the paths of the menu, the top of the site being empty; ``problems`` are by field."""

    path: str
    form: GroupChange
    groups: tuple[str, ...]
    record: RecordForm
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeletePage:
    """The question. ``problem`` says why the group was not deleted, empty where nobody has asked for it."""

    path: str
    problem: str = ""


def show_edit(context: GroupContext, request: Request) -> EditPage:
    """The form with what is stored."""
    group, services = context.group, request.services
    owner = services.users.find_by_id(group.owner_id) if group.owner_id is not None else None
    parent, _slash, name = context.path.rpartition("/")
    stored = GroupChange(name, parent, owner.name if owner is not None else "", group.description)
    return _make_page(context, request, services, stored, {})


def update(context: GroupContext, request: Request) -> EditPage | Response:
    """Change what is different, or show the form again and say what is wrong."""
    form = request.form
    change = GroupChange(
        form.get("group_name", "").strip(),
        form.get("parent_group", ""),
        form.get("owner", "").strip(),
        form.get("group_description", "").strip(),
    )
    group_id = context.group.repository_group_id

    def save() -> str:
        with writing(request.application) as services:
            settings, viewer = services.repository_group_settings, request.viewer_in(services)
            path = settings.update(request.actor, viewer, group_id, change, sent_mark(request)).path
            visible = services.repository_groups.visible(viewer, group_id)
            level = services.permissions.group_level(viewer, group_id)
        if level < context.level:
            return request.links.repository(path) if visible else request.links.home()
        return request.links.group_page(path, "edit", saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> EditPage:
        return _make_page(context, request, services, change, problems)

    return change_or_show_again(request, save, show_again)


def show_delete(context: GroupContext, request: Request) -> DeletePage:
    """The question whether to delete the group."""
    return DeletePage(context.path)


def delete(context: GroupContext, request: Request) -> DeletePage | Response:
    """Delete the group if it is empty."""

    def change() -> str:
        with writing(request.application) as services:
            viewer, parent_id = request.viewer_in(services), context.group.parent_id
            services.repository_group_settings.delete(request.actor, viewer, context.group.repository_group_id)
            visible = parent_id is not None and services.repository_groups.visible(viewer, parent_id)
        parent = context.path.rpartition("/")[0]
        return request.links.repository(parent) if visible else request.links.home()

    def show_again(services: Services, problems: Mapping[str, str]) -> DeletePage:
        return DeletePage(context.path, problems["name"])

    return change_or_show_again(request, change, show_again)


def _make_page(
    context: GroupContext, request: Request, services: Services, form: GroupChange, problems: Mapping[str, str]
) -> EditPage:
    inside = f"{context.path}/"
    room = services.repository_groups.with_room(request.visitor.viewer, Allowance.CREATE_REPOSITORY_GROUPS)
    groups = {path for path in room if path != context.path and not path.startswith(inside)}
    parent = context.path.rpartition("/")[0]
    group = services.repository_groups.get_by_id(context.group.repository_group_id)
    mark = services.repository_group_settings.mark(group)
    record = make_record_form(request, problems, mark, _("The settings are saved."))
    return EditPage(context.path, form, tuple(sorted({parent, *groups})), record, problems)
