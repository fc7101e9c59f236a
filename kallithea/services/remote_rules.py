"""From where may be fetched, as the .ini says, and what people may say of it."""

from kallithea.core.errors import InvalidError, message_of
from kallithea.core.remote_addresses import RemoteAddress, RemoteAddressError, parse_remote_address
from kallithea.core.settings import Settings
from kallithea.core.words import _, _n
from kallithea.vcs.remote import Credentials, RemoteRules, Resolver, SshOptions, resolve_host
from kallithea.vcs.types import Kind

_LONGEST = 1000
_KINDS = {Kind.GIT: ("https", "http", "ssh", "git"), Kind.HG: ("https", "http", "ssh")}


def make_rules(settings: Settings, resolve: Resolver = resolve_host) -> RemoteRules:
    """The rules of the site."""
    return RemoteRules(
        settings.remote_schemes,
        settings.remote_allowed_networks,
        settings.remote_size_limit,
        settings.remote_time_limit,
        settings.remote_ca_file,
        SshOptions(settings.ssh_path, settings.remote_ssh_key, settings.remote_ssh_known_hosts),
        resolve,
    )


def allowed_schemes(settings: Settings, kind: Kind) -> tuple[str, ...]:
    """Schemes by which a repository of a kind may be fetched."""
    return tuple(scheme for scheme in _KINDS[kind] if scheme in settings.remote_schemes)


def parse_address(settings: Settings, kind: Kind, text: str, field: str = "address") -> RemoteAddress:
    """An address that people have written. Raises InvalidError naming ``field``."""
    try:
        return parse_remote_address(text.strip(), allowed_schemes(settings, kind))
    except RemoteAddressError as problem:
        raise InvalidError({field: message_of(problem)}) from problem


def parse_credentials(address: RemoteAddress, user: str, password: str) -> Credentials | None:
    """What people have written beside an address, None for nothing. Raises InvalidError: ``user``, ``password``."""
    problems: dict[str, str] = {}
    if (user or password) and address.scheme not in ("https", "http"):
        problems["user"] = (
            _("leave user name and password empty: the SSH key of this site is used")
            if address.scheme == "ssh"
            else _("leave user name and password empty: the protocol of git knows none")
        )
    elif password and not user:
        problems["user"] = _("write a user name; with a token, any name does for most sites")
    elif user and not password:
        problems |= {"password": _("write the password or token that belongs to the user name")}
    for field, value in (("user", user), ("password", password)):
        if len(value) > _LONGEST or not value.isprintable():
            problems[field] = _n(
                "use at most %(count)s printable character", "use at most %(count)s printable characters", _LONGEST
            )
    if ":" in user:
        problems["user"] = _("a user name has no colon")
    if problems:
        raise InvalidError(problems)
    return Credentials(user, password) if user else None
