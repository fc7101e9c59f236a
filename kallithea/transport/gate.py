"""Who comes in: sign-in, the repository in the address, and the right to it."""

import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor, Way
from kallithea.core.addresses import client_address
from kallithea.core.allow_lists import AddressRefusedError
from kallithea.core.errors import ThrottledError, UnavailableError
from kallithea.core.names import MAX_PATH, prefixes
from kallithea.model.unchanged import find_unchanged
from kallithea.services.admission import Admission, find_by_id, find_by_path
from kallithea.services.application import Application
from kallithea.services.ref_moves import REFUSED_WITHOUT_DATABASE, Place
from kallithea.services.sign_in import (
    Identity,
    SignInRefusedError,
    find_token_text,
    identify_token,
    identify_vouched,
    identify_wire,
)
from kallithea.services.viewers import find_viewer
from kallithea.services.vouched_users import find_vouched
from kallithea.services.work import looking
from kallithea.transport.answers import Headers, RefusedError
from kallithea.transport.credentials import Credentials, MalformedCredentialsError, parse_credentials
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import RefusedWriteError

_PERMANENT_ID = re.compile(r"_([1-9][0-9]{0,8})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CLIENTS = {Kind.GIT: "git", Kind.HG: "Mercurial"}
_NOT_FOUND = "There is no such repository, or you may not see it."
_LOST = "You may not push to this repository any more."
_SIGN_IN = "Sign in with your name and password, or with a token as the password."


@dataclass(frozen=True, slots=True)
class Admitted:
    """A repository that somebody may use as far as they asked for. ``folder`` is absolute.

    ``publishing`` is that of ``model.repository``. ``password_version`` is that of the password that they came with,
    None where they came with none.
    """

    repository_id: int
    kind: Kind
    path: str
    folder: pathlib.Path
    actor: Actor
    publishing: bool
    password_version: int | None = None

    @property
    def place(self) -> Place:
        """The repository alone."""
        return Place(self.repository_id, self.kind, self.path, self.folder)


def admit(application: Application, environ: Mapping[str, Any], repository: str, kind: Kind, level: Level) -> Admitted:
    """Let a request of a client of this ``kind`` to the repository at this path in, if its sender has the level.

    Raises RefusedError. What is hidden and what does not exist get the same answer, after the same statements; a
    client without credentials is asked for some in both cases. The database is not held when this returns.
    """
    settings = application.settings
    address = client_address(environ, settings)
    try:
        identity, viewer, admission = _find_admission(application, environ, address, repository)
    except AddressRefusedError as problem:
        raise RefusedError(403, str(problem)) from problem
    found, reached = admission.repository, admission.level
    if found is not None and reached >= level:
        actor = Actor(viewer.user_id, "" if identity is None else identity.name, Way.HTTP, address)
        folder = settings.repository_folder / found.folder
        version = None if identity is None else identity.password_version
        admitted = Admitted(found.repository_id, Kind(found.kind), found.path, folder, actor, found.publishing, version)
        return _checked(admitted, kind)
    if viewer.user_id is None:
        raise _unauthorized(settings.realm)
    if found is None or reached < Level.READ:
        raise RefusedError(404, _NOT_FOUND)
    raise RefusedError(403, _too_little(reached, viewer))


def require_still(application: Application, environ: Mapping[str, Any], admitted: Admitted, level: Level) -> None:
    """Look again whether a request that was admitted, and lasted, would be now. A password is not verified again.

    One that has been changed meanwhile counts no more. Raises RefusedWriteError, UnavailableError.
    """
    credentials = _read_credentials(application, environ)
    token = find_token_text(credentials.name, credentials.password) if credentials is not None else None
    actor = admitted.actor
    came = Identity(actor.user_id, actor.name, password_version=admitted.password_version) if actor.user_id else None
    try:
        with looking(application) as connection:
            identity = came if token is None else _identify_token(application, connection, token, actor.address)
            viewer = _viewer(connection, identity, actor.address)
            admission = find_by_id(connection, viewer, admitted.repository_id)
    except (RefusedError, AddressRefusedError) as problem:
        raise RefusedWriteError(_LOST) from problem
    except UnavailableError as problem:
        raise UnavailableError(REFUSED_WITHOUT_DATABASE) from problem
    if viewer.user_id != actor.user_id or admission.repository is None or admission.level < level:
        raise RefusedWriteError(_LOST)


def _find_admission(
    application: Application, environ: Mapping[str, Any], address: str, repository: str
) -> tuple[Identity | None, Viewer, Admission]:
    """Who asks, by what they prove and as rights see them, and for what. A token counts before what a proxy tells."""
    credentials = _read_credentials(application, environ)
    token = find_token_text(credentials.name, credentials.password) if credentials is not None else None
    # A password takes long to check, which no unit waits for.
    identity = _identify(application, environ, credentials, address) if token is None else None
    with looking(application) as connection:
        if token is not None:
            identity = _identify_token(application, connection, token, address)
        viewer = _viewer(connection, identity, address)
        return identity, viewer, _find(connection, viewer, repository)


def _read_credentials(application: Application, environ: Mapping[str, Any]) -> Credentials | None:
    try:
        return parse_credentials(environ.get("HTTP_AUTHORIZATION", ""))
    except MalformedCredentialsError as problem:
        raise _unauthorized(application.settings.realm) from problem


def _identify_token(application: Application, connection: Connection, token: str, address: str) -> Identity:
    try:
        return identify_token(application, connection, token, address)
    except SignInRefusedError as problem:
        raise _unauthorized(application.settings.realm) from problem


def _identify(
    application: Application, environ: Mapping[str, Any], credentials: Credentials | None, address: str
) -> Identity | None:
    vouched = find_vouched(application, environ)
    try:
        if vouched is not None:
            return identify_vouched(application, vouched, address)
        if credentials is None:
            return None
        return identify_wire(application, credentials.name, credentials.password, address)
    except SignInRefusedError as problem:
        raise _unauthorized(application.settings.realm) from problem
    except ThrottledError as problem:
        raise RefusedError(429, str(problem), (("Retry-After", str(problem.retry_after)),)) from problem


def _viewer(connection: Connection, identity: Identity | None, address: str) -> Viewer:
    """Who asks, with the rights that they have at this moment. Nobody has more than to read."""
    if identity is None:
        return find_viewer(connection, None, ceiling=Level.READ, address=address)
    version = identity.password_version
    return identity.viewer or find_viewer(connection, identity.user_id, address=address, password_version=version)


def _find(connection: Connection, viewer: Viewer, path: str) -> Admission:
    name = path if _is_name(path) else ""

    def may_be_kept(admission: Admission) -> bool:
        # strangers are all the same viewer: what others of them asked for is not to be told by the time it takes
        return viewer.user_id is not None or admission.level >= Level.READ

    key = (find_by_path, viewer, name)
    return find_unchanged(connection, key, lambda: _look_up(connection, viewer, name), keep=may_be_kept)


def _look_up(connection: Connection, viewer: Viewer, path: str) -> Admission:
    segments = [segment for segment in path.split("/") if segment]
    permanent = _PERMANENT_ID.fullmatch(segments[0]) if len(segments) == 1 else None
    if permanent:
        return find_by_id(connection, viewer, int(permanent[1]))
    return find_by_path(connection, viewer, prefixes("/".join(segments)) if segments else [], len(segments))


def _is_name(path: str) -> bool:
    """Whether a path can be looked up: databases know no surrogates, which stand for bytes that are not UTF-8."""
    return len(path) <= MAX_PATH and "\0" not in path and not _SURROGATE.search(path)


def _checked(admitted: Admitted, kind: Kind) -> Admitted:
    if admitted.kind is not kind:
        raise RefusedError(404, f"This is a {_CLIENTS[admitted.kind]} repository: use {admitted.kind}, not {kind}.")
    return admitted


def _unauthorized(realm: str) -> RefusedError:
    quoted = realm.replace("\\", "").replace('"', "")
    headers: Headers = (("WWW-Authenticate", f'Basic realm="{quoted}", charset="UTF-8"'),)
    return RefusedError(401, _SIGN_IN, headers)


def _too_little(reached: Level, viewer: Viewer) -> str:
    if viewer.ceiling <= reached:
        return f"This token may {reached.word}, no more: make one with the scope to write."
    return f"You may {reached.word} this repository, but not push to it."
