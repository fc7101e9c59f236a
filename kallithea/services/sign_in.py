"""Who is it: passwords and tokens, in the browser and on the wire.

Hashing is slow and happens between units of work. Attempts from one network take turns on a machine, each from being
judged to being counted: else many at the same moment would all be judged before the first of them counts. For a name
that nobody has, for a disabled user, and for one who may not come from this address, the same statements run, the same
hashing is done and the same words are said as for a wrong password.
"""

import contextlib
import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from kallithea.auth.method import Attempt, Recognised, recognise
from kallithea.auth.passwords import hash_password, is_outdated
from kallithea.cache.turns import take_turn
from kallithea.core.access import Viewer
from kallithea.core.actor import Actor, Way
from kallithea.core.allow_lists import is_allowed, require_allowed
from kallithea.core.errors import KallitheaError, ThrottledError, UnavailableError
from kallithea.core.jobs import NoteUse
from kallithea.core.names import name_key
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services import tokens
from kallithea.services.application import Application
from kallithea.services.scope import Services
from kallithea.services.sign_in_failures import network
from kallithea.services.sign_in_notes import note_refused_token, note_way_in
from kallithea.services.viewers import find_viewer
from kallithea.services.vouched_users import ensure_account
from kallithea.services.work import looking, reading, writing

log = logging.getLogger(__name__)

#: What NoteUse.subject says of a token.
TOKEN = "token"  # noqa: S105  # the word, not a secret

_PATIENCE_SECONDS = 30.0
_NOTE_EVERY = datetime.timedelta(hours=1)


class SignInRefusedError(KallitheaError):
    """The name and the password, or the token, do not belong together; more is never said."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who proved who they are. ``token_id`` and ``viewer`` are None if it was by a password.

    ``viewer`` is what they may, as far as the token gives it, at the moment when it was looked up. ``password_version``
    is that of the password, None if it was by anything else.
    """

    user_id: int
    name: str
    token_id: int | None = None
    viewer: Viewer | None = None
    password_version: int | None = None


@dataclass(frozen=True, slots=True)
class _Origin:
    address: str
    mark: str = ""
    way: Way = Way.WEB


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known before hashing. ``user`` is None for names that nobody has, disabled users, and a wrong network.

    ``account`` is the name of the account, also of one that is disabled; empty where there is none.
    """

    user: User | None
    has_failed: bool
    account: str


def sign_in_with_password(application: Application, name: str, password: str, address: str, mark: str = "") -> User:
    """The user with this name and password; ``mark`` is that of the browser, if it has one: see ``known_browsers``.

    Raises SignInRefusedError, ThrottledError, AddressRefusedError, UnavailableError.
    """
    origin = _Origin(address, mark)
    user, has_failed = _verify(application, name, password, origin)
    if has_failed or _is_outdated(user):
        _tidy_up(application, user, name, password, origin)
    return user


def begin_session(services: Services, user: User, *, address: str, client: str, instead_of: str | None) -> str:
    """Start a session of somebody whose password was right a moment ago, and end the one before; the answer is its id.

    Raises SignInRefusedError if they have been disabled or given another password meanwhile: that ended their sessions.
    """
    now = services.users.find_locked(user.user_id)
    if now is None or not now.active or now.password_version != user.password_version:
        raise SignInRefusedError(_("The name or the password is wrong."))
    if instead_of is not None:
        services.user_sessions.end(instead_of)
    services.sign_in_failures.know(now.name, address)
    services.audit.add(Actor(now.user_id, now.name, Way.WEB, address), "user.sign-in", f"user:{now.name}")
    return services.user_sessions.create(now, address=address, client=client)


def identify_wire(application: Application, name: str, password: str, address: str) -> Identity:
    """Who sends this user name and password with a request of hg, git or the API.

    A token is accepted as the password, whatever the name, and as the name with any password. A right password is
    remembered for a minute. Raises SignInRefusedError, ThrottledError, AddressRefusedError, UnavailableError.
    """
    text = find_token_text(name, password)
    if text is not None:
        with looking(application) as connection:
            return identify_token(application, connection, text, address)
    origin = _Origin(address, way=Way.HTTP)
    user = _look_up(application, name, origin).user
    if user is not None and application.verified_passwords.knows(user.user_id, user.password_version, password):
        note_way_in(application, user.user_id, "password", origin.way, address)
        return Identity(user.user_id, user.name, password_version=user.password_version)
    user, has_failed = _verify(application, name, password, origin)
    application.verified_passwords.remember(user.user_id, user.password_version, password)
    note_way_in(application, user.user_id, "password", origin.way, address)
    if has_failed or _is_outdated(user):
        _try_to_tidy_up(application, user, name, password, origin)
    return Identity(user.user_id, user.name, password_version=user.password_version)


def identify_vouched(application: Application, found: Recognised, address: str) -> Identity:
    """The account of somebody for whom a trusted proxy vouches. Raises SignInRefusedError, AddressRefusedError."""
    ensure_account(application, found, Way.HTTP, address)
    with reading(application) as services:
        user = services.user_sessions.find_vouched(found.name, address)
        if user is None:
            # where the site answers nobody, names that somebody has and others get the same answer
            services.permissions.viewer_of_user(None, address=address)
    if user is None:
        raise SignInRefusedError(_("There is no such account, or it may not be used from here."))
    note_way_in(application, user.user_id, "proxy", Way.HTTP, address)
    return Identity(user.user_id, user.name, viewer=user.viewer)


def _look_up(application: Application, name: str, origin: _Origin) -> _Known:
    address = origin.address
    with reading(application) as services:
        standing = services.sign_in_failures.judge(name, address, origin.mark)
        user = services.users.find(name)
        networks = services.settings.networks
    require_allowed(address, networks)
    if standing.seconds:
        seconds = standing.seconds
        raise ThrottledError(_("Too many wrong passwords. Wait %(seconds)s s and try again.", seconds=seconds), seconds)
    may_come = user is not None and user.active and is_allowed(address, user.networks)
    return _Known(user if may_come else None, standing.has_failed, "" if user is None else user.name)


def _verify(application: Application, name: str, password: str, origin: _Origin) -> tuple[User, bool]:
    """Whose password it is, and whether a right one clears something."""
    with _turn(application, origin.address):
        known = _look_up(application, name, origin)
        password_hash = None if known.user is None else known.user.password_hash
        found = recognise(application.sign_in_methods, Attempt(name, password, password_hash))
        known = _find_recognised(application, known, found, origin)
        if known.user is not None:
            return known.user, known.has_failed
        with writing(application) as services:
            count = services.sign_in_failures.add(name, origin.address, origin.mark)
            services.sign_in_notes.note_failure(known.account, origin.way, origin.address, count)
    raise SignInRefusedError(_("The name or the password is wrong."))


def _find_recognised(application: Application, known: _Known, found: Recognised | None, origin: _Origin) -> _Known:
    """The account of whom a method has recognised, made where that is wanted; of nobody, where it knows nobody.

    A directory may know somebody by another name than they wrote: the account is that of the name which it tells.
    """
    if found is None:
        return replace(known, user=None)
    if known.user is not None and name_key(found.name) == known.user.name_key:
        return known
    ensure_account(application, found, origin.way, origin.address)
    return _look_up(application, found.name, origin)


@contextlib.contextmanager
def _turn(application: Application, address: str) -> Iterator[None]:
    """Raises UnavailableError after waiting in vain."""
    folder = application.settings.cache_dir / "sign-in-turns"
    with take_turn(folder, network(address), wait_seconds=_PATIENCE_SECONDS) as mine:
        if not mine:
            raise UnavailableError(_("Too many people are signing in at this moment. Try again."))
        yield


def find_token_text(name: str, password: str) -> str | None:
    """The token among a user name and a password."""
    return next((text for text in (password, name) if text.startswith(tokens.PREFIX)), None)


def identify_token(application: Application, connection: Connection, text: str, address: str) -> Identity:
    """Whose token this is. Raises SignInRefusedError, AddressRefusedError."""
    now = application.clock()
    bearer = tokens.find_bearer(connection, text, now, address)
    if bearer is None:
        # where the site answers nobody, right and wrong tokens get the same answer
        find_viewer(connection, None, address=address)
        note_refused_token(application, tokens.shown_part(text), Way.HTTP, address)
        raise SignInRefusedError(_("The token is wrong or has expired."))
    if bearer.used is None or bearer.used < now - _NOTE_EVERY:
        application.later.add(NoteUse(TOKEN, bearer.token_id, now.isoformat()))
    note_way_in(application, bearer.user_id, f"token {tokens.shown_part(text)}", Way.HTTP, address)
    return Identity(bearer.user_id, bearer.name, bearer.token_id, bearer.viewer)


def _is_outdated(user: User) -> bool:
    return user.password_hash is not None and is_outdated(user.password_hash)


def _tidy_up(application: Application, user: User, name: str, password: str, origin: _Origin) -> None:
    """Clear the failures from here, and store the password as new ones are stored."""
    before = user.password_hash
    after = hash_password(password) if before is not None and is_outdated(before) else None
    with writing(application) as services:
        services.sign_in_failures.clear(name, origin.address, origin.mark)
        if before is not None and after is not None:
            services.users.renew_hash(user.user_id, before, after)


def _try_to_tidy_up(application: Application, user: User, name: str, password: str, origin: _Origin) -> None:
    """A clone only reads: it goes on even if the database cannot be written to now."""
    try:
        _tidy_up(application, user, name, password, origin)
    except UnavailableError as problem:
        log.warning("failures of an account were not cleared: %s", problem)
