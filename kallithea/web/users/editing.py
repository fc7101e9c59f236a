"""Changing an account, its password, and whether it may sign in."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.auth.passwords import find_password_problem, hash_password
from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.services.users import UserChange
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.users.fields import name_fields, password_field
from kallithea.web.users.finding import get_user


@dataclass(frozen=True, slots=True)
class EditPage:
    """The forms. ``name`` is the stored one; ``is_self``: who asks has it; ``refused``: something is wrong."""

    user_id: int
    name: str
    fields: tuple[TextField, ...]
    active: bool
    super_administrator: bool
    password: TextField
    is_self: bool
    saved: bool
    refused: bool


def show_edit(context: SiteContext, request: Request) -> EditPage:
    """The forms with what is stored."""
    user = get_user(context, request.services)
    return _make_page(request, user, _stored(user), {}, saved="saved" in request.query)


def update(context: SiteContext, request: Request) -> EditPage | Response:
    """Change the account, or show the form again and say what is wrong."""
    form = request.form
    change = UserChange(
        form.get("username", "").strip(),
        form.get("email", "").strip(),
        form.get("firstname", "").strip(),
        form.get("lastname", "").strip(),
        bool(form.get("active")),
        bool(form.get("admin")),
    )
    try:
        with writing(request.application) as services:
            user = get_user(context, services)
            services.users.update(request.actor, user, change)
            user_id = user.user_id
    except InvalidError as problem:
        return _again(context, request, change, 422, problem.problems)
    except ConflictError as problem:
        return _again(context, request, change, 409, {"name": message_of(problem)})
    return redirect(request.links.page(f"_admin/users/edit/{user_id}", saved=1))


def set_password(context: SiteContext, request: Request) -> EditPage | Response:
    """Give the account another password, which ends its sessions. It takes long to hash: in no unit."""
    with reading(request.application) as services:
        user_id = get_user(context, services).user_id
    password = request.form.get("password", "")
    problem = find_password_problem(password)
    if problem is not None:
        return _again(context, request, None, 422, {"password": problem})
    password_hash = hash_password(password)
    with writing(request.application) as services:
        services.users.set_password_hash(request.actor, get_user(context, services), password_hash)
    return redirect(request.links.page(f"_admin/users/edit/{user_id}", saved=1))


def _again(
    context: SiteContext, request: Request, form: UserChange | None, status: int, problems: Mapping[str, str]
) -> EditPage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(request, *_with_form(context, services, form), problems)


def _with_form(context: SiteContext, services: Services, form: UserChange | None) -> tuple[User, UserChange]:
    user = get_user(context, services)
    return user, form or _stored(user)


def _make_page(
    request: Request, user: User, form: UserChange, problems: Mapping[str, str], *, saved: bool = False
) -> EditPage:
    hint = _("The account has none.") if user.password_hash is None else _("All sessions of the account end.")
    return EditPage(
        user.user_id,
        user.name,
        name_fields(form.name, form.email, form.first_name, form.last_name, problems),
        form.active,
        form.super_administrator,
        password_field(_("New password"), hint, problems.get("password", ""), required=True),
        user.user_id == request.visitor.user_id,
        saved,
        bool(problems),
    )


def _stored(user: User) -> UserChange:
    return UserChange(
        user.name, user.email or "", user.first_name, user.last_name, user.active, user.super_administrator
    )
