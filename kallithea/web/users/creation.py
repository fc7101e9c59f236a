"""Making an account for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.auth.passwords import find_password_problem, hash_password
from kallithea.core.errors import InvalidError
from kallithea.core.names import parse_user_name
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.users.fields import name_fields, password_field


@dataclass(frozen=True, slots=True)
class CreatePage:
    """The form with what was written into it, the password left out. ``refused``: something is wrong with it."""

    fields: tuple[TextField, ...]
    super_administrator: bool
    refused: bool


def show_create(context: SiteContext, request: Request) -> CreatePage:
    """The empty form."""
    return _make_page(("", "", "", ""), {}, super_administrator=False)


def create(context: SiteContext, request: Request) -> CreatePage | Response:
    """Make the account, or show the form again and say what is wrong. A password takes long to hash: in no unit."""
    form = request.form
    typed = (
        form.get("username", "").strip(),
        form.get("email", "").strip(),
        form.get("firstname", "").strip(),
        form.get("lastname", "").strip(),
    )
    name, email, first_name, last_name = typed
    super_administrator = bool(form.get("admin"))

    def change() -> str:
        parse_user_name(name)
        password_hash = _hash(form.get("password", ""))
        with writing(request.application) as services:
            user = services.users.create(
                request.actor,
                name=name,
                password_hash=password_hash,
                email=email or None,
                first_name=first_name,
                last_name=last_name,
                super_administrator=super_administrator,
            )
            return request.links.page(f"_admin/users/edit/{user.user_id}", saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> CreatePage:
        return _make_page(typed, problems, super_administrator=super_administrator)

    return change_or_show_again(request, change, show_again)


def _make_page(
    typed: tuple[str, str, str, str], problems: Mapping[str, str], *, super_administrator: bool
) -> CreatePage:
    hint = _("Empty: nobody can sign in with a password until there is one.")
    password = password_field(_("Password"), hint, problems.get("password", ""), required=False)
    return CreatePage((*name_fields(*typed, problems), password), super_administrator, bool(problems))


def _hash(password: str) -> str | None:
    """None for an empty password, with which nobody can sign in. Raises InvalidError."""
    if not password:
        return None
    problem = find_password_problem(password)
    if problem is not None:
        raise InvalidError({"password": problem})
    return hash_password(password)
