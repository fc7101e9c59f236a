"""The settings of a group of repositories: what it is called, where it lies, whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.services.repository_group_settings import GroupChange
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import GroupContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form. ``groups`` are the paths of the menu, the top of the site being empty; ``problems`` are by field."""

    path: str
    form: GroupChange
    groups: tuple[str, ...]
    saved: bool
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
    viewer, group_id = request.visitor.viewer, context.group.repository_group_id
    try:
        with writing(request.application) as services:
            group = services.repository_group_settings.update(request.actor, viewer, group_id, change)
            path = group.path
            visible = services.repository_groups.visible(viewer, group_id)
            level = services.permissions.group_level(viewer, group_id)
    except InvalidError as problem:
        return _again(context, request, change, 422, problem.problems)
    except ConflictError as problem:
        return _again(context, request, change, 409, {"name": message_of(problem)})
    if level < context.level:
        return redirect(request.links.repository(path) if visible else request.links.home())
    return redirect(request.links.group_page(path, "edit", saved=1))


def show_delete(context: GroupContext, request: Request) -> DeletePage:
    """The question whether to delete the group."""
    return DeletePage(context.path)


def delete(context: GroupContext, request: Request) -> DeletePage | Response:
    """Delete the group if it is empty."""
    viewer = request.visitor.viewer
    try:
        with writing(request.application) as services:
            parent_id = context.group.parent_id
            services.repository_group_settings.delete(request.actor, viewer, context.group.repository_group_id)
            visible = parent_id is not None and services.repository_groups.visible(viewer, parent_id)
    except ConflictError as problem:
        request.response.status_int = 409
        return DeletePage(context.path, message_of(problem))
    parent = context.path.rpartition("/")[0]
    return redirect(request.links.repository(parent) if visible else request.links.home())


def _again(
    context: GroupContext, request: Request, change: GroupChange, status: int, problems: Mapping[str, str]
) -> EditPage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(context, request, services, change, problems)


def _make_page(
    context: GroupContext, request: Request, services: Services, form: GroupChange, problems: Mapping[str, str]
) -> EditPage:
    inside = f"{context.path}/"
    room = services.repository_groups.with_room(request.visitor.viewer, Allowance.CREATE_REPOSITORY_GROUPS)
    groups = {path for path in room if path != context.path and not path.startswith(inside)}
    parent = context.path.rpartition("/")[0]
    return EditPage(context.path, form, tuple(sorted({parent, *groups})), "saved" in request.query, problems)
