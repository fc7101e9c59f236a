"""Changing one's own password."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.auth.opener import keeps_passwords
from kallithea.auth.passwords import find_password_problem, hash_password
from kallithea.core.errors import InvalidError, ThrottledError
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.kept_passwords import require_kept_passwords
from kallithea.services.scope import Services
from kallithea.services.sign_in import SignInRefusedError, sign_in_with_password
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.known_browser import read_mark
from kallithea.web.request import Request

_NAME = "_admin/my_account/password"


@dataclass(frozen=True, slots=True)
class PasswordField:
    """A field of the form; ``kind`` tells the browser's own list of passwords what belongs into it."""

    name: str
    label: str
    kind: str


_CURRENT = PasswordField("current_password", _("Current password"), "current-password")
_NEW = PasswordField("new_password", _("New password"), "new-password")
_AGAIN = PasswordField("new_password_confirmation", _("New password, again"), "new-password")


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """The form, which shows nothing again; ``problems`` are by field, "" being none of them."""

    has_password: bool
    saved: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[PasswordField, ...] = (_CURRENT, _NEW, _AGAIN)


def show_password(context: SiteContext, request: Request) -> PasswordPage:
    """The form."""
    user = request.services.users.get_by_id(request.visitor.member_id)
    saved = _("Your password is changed. You are signed in here and nowhere else.") if "saved" in request.query else ""
    has_password = user.password_hash is not None and keeps_passwords(request.application.settings)
    return PasswordPage(has_password, saved)


def change_password(context: SiteContext, request: Request) -> PasswordPage | Response:
    """Store another password for who knows the current one; this browser gets a new session, all others lose theirs."""
    form, application = request.form, request.application
    current, new = form.get(_CURRENT.name, ""), form.get(_NEW.name, "")

    def change() -> str:
        require_kept_passwords(application.settings)
        _check(new, form.get(_AGAIN.name, ""))
        with reading(application) as services:
            name = services.users.get_by_id(request.visitor.member_id).name
        try:
            user = sign_in_with_password(application, name, current, request.address, read_mark(request))
        except SignInRefusedError as problem:
            raise InvalidError({_CURRENT.name: _("This is not your current password.")}) from problem
        _store(request, user, hash_password(new))
        return request.links.page(_NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> PasswordPage:
        return PasswordPage(has_password=True, problems=problems)

    return change_or_show_again(request, change, show_again, field="", also=(ThrottledError,))


def _check(new: str, again: str) -> None:
    problem = find_password_problem(new)
    if problem is not None:
        raise InvalidError({_NEW.name: problem})
    if new != again:
        raise InvalidError({_AGAIN.name: _("This is not the same password.")})


def _store(request: Request, user: User, password_hash: str) -> None:
    with writing(request.application) as services:
        services.users.set_password_hash(request.actor, user, password_hash, instead_of=user.password_version)
        client = request.environ.get("HTTP_USER_AGENT", "")
        session_id = services.user_sessions.create(user, address=request.address, client=client)
    request.browser_session.start(session_id, None)
