"""Another password for somebody who has forgotten theirs, and reads one of their addresses."""

from kallithea.auth.passwords import find_password_problem, hash_password
from kallithea.core.actor import Actor, Way
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError
from kallithea.core.names import parse_email
from kallithea.core.words import _
from kallithea.model.mail_link import MailLink
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.kept_passwords import require_kept_passwords
from kallithea.services.mail_links import Asker, Purpose
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing


def ask_for_reset(services: Services, email: str, asker: Asker) -> None:
    """Send a link to the address, if it belongs to an account with a password of ours that is not disabled.

    What is done does not depend on whether that is so. Raises InvalidError for what is no address, ThrottledError, and
    ForbiddenError where the site keeps no passwords.
    """
    require_kept_passwords(services.application.settings)
    typed = parse_email(email)
    user, stored = services.email_addresses.find_user(typed), services.email_addresses.find_stored(typed)
    known = user is not None and user.active and user.password_hash is not None and stored is not None
    services.mail_links.create(
        Purpose.PASSWORD if known else Purpose.NOBODY, stored or typed, asker, user=user if known else None
    )


def require_reset(services: Services, text: str) -> User:
    """The user whose password the link may change. Raises NotFoundError, ForbiddenError."""
    require_kept_passwords(services.application.settings)
    return _find_user(services, services.mail_links.get(Purpose.PASSWORD, text))


def reset_password(application: Application, text: str, password: str, address: str) -> User:
    """Use the link up and store the password.

    Raises NotFoundError, ForbiddenError, InvalidError, ConflictError, UnavailableError.
    """
    problem = find_password_problem(password)
    if problem is not None:
        raise InvalidError({"password": problem})
    with reading(application) as services:
        require_reset(services, text)
    password_hash = hash_password(password)
    with writing(application) as services:
        link = services.mail_links.get(Purpose.PASSWORD, text)
        user = _find_user(services, link)
        services.mail_links.use(link)
        actor = Actor(user.user_id, user.name, Way.WEB, address)
        services.users.set_password_hash(actor, user, password_hash, instead_of=link.stamp)
        services.mail_links.forget(user.user_id, Purpose.PASSWORD)
        services.sign_in_failures.forget(user.name)
    return user


def _find_user(services: Services, link: MailLink) -> User:
    # whoever reads an address that has been taken away from the account since may not have its password
    user = services.email_addresses.find_user(link.email)
    if user is None or user.user_id != link.user_id or not user.active:
        raise NotFoundError(_("This link does not count any more. Ask for another one."))
    if user.password_version != link.stamp:
        raise ConflictError(_("The password has been changed since this link was sent."))
    return user
