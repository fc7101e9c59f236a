"""Changing an account, its password, and whether it may sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kallithea.auth.passwords import find_password_problem, hash_password
from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.services.users import UserChange
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark
from kallithea.web.users.fields import name_fields, password_field
from kallithea.web.users.finding import get_user


@dataclass(frozen=True, slots=True)
class EditPage:
    """The forms. ``name`` is the stored one; ``is_self``: who asks has it."""

    user_id: int
    name: str
    fields: tuple[TextField, ...]
    active: bool
    super_administrator: bool
    password: TextField
    is_self: bool
    record: RecordForm


def show_edit(context: SiteContext, request: Request) -> EditPage:
    """The forms with what is stored."""
    user = get_user(context, request.services)
    return _make_page(request, request.services, user, _stored(user), {})


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

    def save() -> str:
        with writing(request.application) as services:
            user = get_user(context, services)
            services.users.update(request.actor, user, change, sent_mark(request))
            return _address(request, user)

    def show_again(services: Services, problems: Mapping[str, str]) -> EditPage:
        return _make_page(request, services, get_user(context, services), change, problems)

    return change_or_show_again(request, save, show_again)


def set_password(context: SiteContext, request: Request) -> EditPage | Response:
    """Give the account another password, which ends its sessions. It takes long to hash: in no unit."""
    password = request.form.get("password", "")

    def change() -> str:
        with reading(request.application) as services:
            get_user(context, services)
        problem = find_password_problem(password)
        if problem is not None:
            raise InvalidError({"password": problem})
        password_hash = hash_password(password)
        with writing(request.application) as services:
            user = get_user(context, services)
            services.users.set_password_hash(request.actor, user, password_hash)
            return _address(request, user)

    def show_again(services: Services, problems: Mapping[str, str]) -> EditPage:
        user = get_user(context, services)
        page = _make_page(request, services, user, _stored(user), problems)
        # only the password was sent: the other form is a new one
        return replace(page, record=replace(page.record, was=services.users.mark(user)))

    return change_or_show_again(request, change, show_again, field="password")


def _address(request: Request, user: User) -> str:
    return request.links.page(f"_admin/users/edit/{user.user_id}", saved=1)


def _make_page(
    request: Request, services: Services, user: User, form: UserChange, problems: Mapping[str, str]
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
        make_record_form(request, problems, services.users.mark(user), _("The account is saved.")),
    )


def _stored(user: User) -> UserChange:
    return UserChange(
        user.name, user.email or "", user.first_name, user.last_name, user.active, user.super_administrator
    )
