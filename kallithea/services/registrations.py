"""Accounts that people make for themselves. There is none until a link in a mail has been opened."""

from collections.abc import Callable
from dataclasses import dataclass

from kallithea.auth.opener import keeps_passwords
from kallithea.auth.passwords import find_password_problem, hash_password
from kallithea.core.actor import NAMES_OF_OTHERS, Actor, Way
from kallithea.core.errors import ForbiddenError, InvalidError
from kallithea.core.names import name_key, parse_email, parse_person_name, parse_user_name
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.approval_mails import ask_for_approval
from kallithea.services.kept_passwords import require_kept_passwords
from kallithea.services.mail_links import Asker, Purpose, can_send
from kallithea.services.scope import Services
from kallithea.services.settings import Registration
from kallithea.services.work import reading, writing


@dataclass(frozen=True, slots=True)
class Wish:
    """The account that somebody wants."""

    name: str
    email: str
    first_name: str
    last_name: str


def is_open(services: Services) -> bool:
    """Whether people may make accounts for themselves: it is set, and mails can be sent.

    An account that somebody makes has a password, which has to be a way to sign in.
    """
    settings = services.application.settings
    if not keeps_passwords(settings) or not can_send(settings):
        return False
    return services.settings.registration is not Registration.OFF


def register(application: Application, wish: Wish, password: str, asker: Asker) -> None:
    """Send a link that makes the account. To who reads an address of an account already, that is said by mail alone.

    Raises InvalidError, ForbiddenError where nobody may register, ThrottledError, UnavailableError.
    """
    with writing(application) as services:
        require_open(services)
        services.sign_in_failures.take_registration(asker.address)
    with reading(application) as services:
        checked = _check(services, wish, password)
        services.mail_links.require_few(asker.address)
    password_hash = hash_password(password)
    details = {
        "name": checked.name,
        "first_name": checked.first_name,
        "last_name": checked.last_name,
        "password_hash": password_hash,
    }
    with writing(application) as services:
        known = services.email_addresses.find_user(checked.email) is not None
        stored = services.email_addresses.find_stored(checked.email)
        if known:
            services.mail_links.create(Purpose.NOTICE, stored or checked.email, asker)
        else:
            services.mail_links.create(Purpose.REGISTRATION, checked.email, asker, details=details)


def confirm(services: Services, text: str, address: str) -> User:
    """Make the account of a link, which then counts no more.

    One that has to be approved is disabled at first, and administrators are told of it. Raises NotFoundError,
    ForbiddenError, ConflictError if somebody else has got the name or the address meanwhile.
    """
    require_open(services)
    link = services.mail_links.get(Purpose.REGISTRATION, text)
    details = services.mail_links.use(link)
    is_active = services.settings.registration is Registration.AUTOMATIC
    user = services.users.create(
        Actor(None, details["name"], Way.WEB, address),
        name=details["name"],
        password_hash=details["password_hash"],
        email=link.email,
        first_name=details["first_name"],
        last_name=details["last_name"],
        active=is_active,
    )
    if not is_active:
        ask_for_approval(services, user)
    return user


def require_open(services: Services) -> None:
    """Raise ForbiddenError where nobody may register."""
    require_kept_passwords(services.application.settings)
    if not is_open(services):
        raise ForbiddenError(_("On this site, accounts are made by its administrators."))


def _check(services: Services, wish: Wish, password: str) -> Wish:
    problems: dict[str, str] = {}

    def checked(parse: Callable[..., str], *arguments: str) -> str:
        try:
            return parse(*arguments)
        except InvalidError as problem:
            problems.update(problem.problems)
            return ""

    found = Wish(
        checked(parse_user_name, wish.name),
        checked(parse_email, wish.email),
        checked(parse_person_name, wish.first_name, "first_name"),
        checked(parse_person_name, wish.last_name, "last_name"),
    )
    problem = find_password_problem(password)
    if problem is not None:
        problems["password"] = problem
    if found.name and _is_taken(services, found.name):
        problems["name"] = _("somebody else has this name")
    if problems:
        raise InvalidError(problems)
    return found


def _is_taken(services: Services, name: str) -> bool:
    """Whether somebody with this name could be taken for another one, or for a group of people."""
    if name_key(name) in NAMES_OF_OTHERS or services.users.find(name) is not None:
        return True
    return services.user_groups.find(name) is not None
