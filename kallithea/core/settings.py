"""Every setting of the .ini, typed once at start.

Keys that Kallithea 0.7 had keep their name and meaning. ``production.ini.template`` documents each for operators.
"""

import dataclasses
import difflib
import ipaddress
import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kallithea.core.errors import KallitheaError
from kallithea.core.remote_addresses import PORTS

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: How the address of a message broker begins: RabbitMQ, then Redis, each without and with encryption.
BROKERS = ("amqp://", "amqps://", "redis://", "rediss://")


#: Where Beaker keeps a session that a cookie names: in the cookie itself, or on a server.
SESSION_TYPES = ("cookie", "file", "ext:database", "ext:redis", "ext:memcached")


class SettingsError(KallitheaError):
    """The .ini cannot be used. The message has one line for each wrong value, with what would be right."""


def _text(value: str) -> str:
    return value


def _boolean(value: str) -> bool:
    word = value.strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0"):
        return False
    raise ValueError("write true or false")


def _number(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().isdecimal() or not minimum <= int(value) <= maximum:
            raise ValueError(f"write a whole number from {minimum} to {maximum}")
        return int(value)

    return parse


def _folder(value: str) -> pathlib.Path:
    path = pathlib.Path(value.strip())
    if not path.is_absolute():
        raise ValueError("write an absolute path; %(here)s stands for the folder of the .ini")
    return path


def _optional_folder(value: str) -> pathlib.Path | None:
    return _folder(value) if value.strip() else None


def _optional_file(value: str) -> pathlib.Path | None:
    return _folder(value) if value.strip() else None


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.strip() not in choices:
            raise ValueError(f"write one of {', '.join(choices)}")
        return value.strip()

    return parse


def _list(value: str) -> tuple[str, ...]:
    return tuple(word for word in value.replace(",", " ").split() if word)


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(word) for word in _list(value))
    except ValueError as problem:
        raise ValueError(f"write networks such as 10.0.0.0/8 or ::1/128 ({problem})") from problem


def _secret(value: str) -> str:
    if len(value.strip()) < 32:
        raise ValueError("write at least 32 random characters, such as `kallithea config-create` makes")
    return value.strip()


def _optional_secret(value: str) -> str:
    return _secret(value) if value.strip() else ""


def _secrets(value: str) -> tuple[str, ...]:
    return tuple(_secret(line) for line in value.splitlines() if line.strip())


def _schemes(value: str) -> tuple[str, ...]:
    schemes = _list(value)
    if set(schemes) - PORTS.keys():
        raise ValueError(f"write some of {', '.join(PORTS)}, or nothing")
    return schemes


def _url(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("write an address that begins with http:// or https://")
    return value.rstrip("/")


def _broker(value: str) -> str:
    if value and not value.startswith(BROKERS):
        raise ValueError(f"write an address that begins with {' or '.join(BROKERS)}")
    return value


_REQUIRED: Any = dataclasses.MISSING


def _setting(
    key: str, parse: Callable[[str], Any], default: Any = _REQUIRED, *, secret: bool = False, also: Sequence[str] = ()
) -> Any:
    """``also`` are other names of it, which count where it has no value by its own."""
    metadata = {"key": key, "parse": parse, "secret": secret, "names": (key, *also)}
    if default is _REQUIRED:
        return dataclasses.field(metadata=metadata, repr=not secret)
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The .ini's values for the application. Field order follows ``production.ini.template``."""

    database_url: str = _setting("sqlalchemy.url", _text, secret=True)
    pool_recycle: int = _setting("sqlalchemy.pool_recycle", _number(1, 86400), 3600)
    pool_size: int = _setting("sqlalchemy.pool_size", _number(1, 1000), 5)

    repository_folder: pathlib.Path = _setting("repository_folder", _folder)
    cache_dir: pathlib.Path = _setting("cache_dir", _folder)
    cache_size: int = _setting("cache_size", _number(1_000_000, 1 << 50), 2 << 30)
    archive_cache_dir: pathlib.Path | None = _setting("archive_cache_dir", _optional_folder, None)
    archive_cache_size: int = _setting("archive_cache_size", _number(1_000_000, 1 << 50), 5 << 30)
    pack_cache_dir: pathlib.Path | None = _setting("pack_cache_dir", _optional_folder, None)
    pack_cache_size: int = _setting("pack_cache_size", _number(0, 1 << 50), 5 << 30)
    cache_enabled: bool = _setting("beaker.cache.enabled", _boolean, True)
    cache_type: str = _setting("beaker.cache.type", _choice("file", "ext:redis", "ext:memcached"), "file")
    cache_url: str = _setting("beaker.cache.url", _text, "", secret=True)
    cache_expire: int = _setting("beaker.cache.expire", _number(60, 31_536_000), 604_800)
    static_files: bool = _setting("static_files", _boolean, True)

    session_type: str = _setting("session.type", _choice(*SESSION_TYPES), "cookie", also=("beaker.session.type",))
    session_data_dir: pathlib.Path | None = _setting(
        "session.data_dir", _optional_folder, None, also=("beaker.session.data_dir",)
    )
    session_url: str = _setting(
        "session.url", _text, "", secret=True, also=("beaker.session.url", "session.sa.url", "beaker.session.sa.url")
    )
    session_table: str = _setting("session.table_name", _text, "beaker_cache", also=("beaker.session.table_name",))
    session_key: str = _setting("session.key", _text, "kallithea")
    session_secret: str = _setting("session.secret", _secret, secret=True)
    session_timeout: int = _setting("session.timeout", _number(60, 31_536_000), 2_592_000)
    session_httponly: bool = _setting("session.httponly", _boolean, True)
    session_secure: bool = _setting("session.secure", _boolean, False)

    canonical_url: str = _setting("canonical_url", _url, "")
    force_https: bool = _setting("force_https", _boolean, False)
    use_htsts: bool = _setting("use_htsts", _boolean, False)
    remote_addr_variable: str = _setting("remote_addr_variable", _text, "REMOTE_ADDR")
    url_scheme_variable: str = _setting("url_scheme_variable", _text, "wsgi.url_scheme")
    trusted_proxies: tuple[Network, ...] = _setting("trusted_proxies", _networks, ())

    sign_in_methods: tuple[str, ...] = _setting("sign_in_methods", _list, ("password",))
    remote_user_variable: str = _setting("remote_user_variable", _text, "")
    remote_user_creates_accounts: bool = _setting("remote_user_creates_accounts", _boolean, False)

    title: str = _setting("title", _text, "Kallithea")
    realm: str = _setting("realm", _text, "Kallithea")
    choose_language: bool = _setting("i18n.enabled", _boolean, True)
    language: str = _setting("i18n.lang", _text, "en")
    cut_off_limit: int = _setting("cut_off_limit", _number(1000, 100_000_000), 256_000)
    archive_size_limit: int = _setting("archive_size_limit", _number(1_000_000, 1 << 50), 2 << 30)
    raw_size_limit: int = _setting("raw_size_limit", _number(0, 1 << 50), 2 << 30)
    default_encoding: tuple[str, ...] = _setting("default_encoding", _list, ("utf-8",))

    visitor_budget: int = _setting("visitor_budget", _number(0, 1_000_000), 600)

    git_path: str = _setting("git_path", _text, "git")
    heavy_git_processes: int = _setting("heavy_git_processes", _number(0, 1000), 0)
    hook_dir: pathlib.Path | None = _setting("hook_dir", _optional_folder, None)
    hook_time_limit: int = _setting("hook_time_limit", _number(1, 3600), 60)
    push_size_limit: int = _setting("push_size_limit", _number(0, 1 << 50), 0)
    wire_time_limit: int = _setting("wire_time_limit", _number(10, 604_800), 14_400)
    send_files_by: str = _setting("send_files_by", _choice("self", "x-accel-redirect", "x-sendfile"), "self")
    send_timeout: int = _setting("send_timeout", _number(0, 86400), 60)
    receive_timeout: int = _setting("receive_timeout", _number(0, 86400), 300)
    wire_productions: int = _setting("wire_productions", _number(0, 1000), 0)
    wire_productions_each: int = _setting("wire_productions_each", _number(0, 1000), 0)
    wire_sends_each: int = _setting("wire_sends_each", _number(0, 1000), 8)
    wire_pushes: int = _setting("wire_pushes", _number(0, 1000), 16)
    wire_pushes_each: int = _setting("wire_pushes_each", _number(0, 1000), 8)
    wire_wait_limit: int = _setting("wire_wait_limit", _number(0, 3600), 45)

    remote_schemes: tuple[str, ...] = _setting("remote_schemes", _schemes, ("https", "http"))
    remote_allowed_networks: tuple[Network, ...] = _setting("remote_allowed_networks", _networks, ())
    remote_size_limit: int = _setting("remote_size_limit", _number(0, 1 << 50), 4 << 30)
    remote_time_limit: int = _setting("remote_time_limit", _number(1, 21_600), 14_400)
    remote_ca_file: pathlib.Path | None = _setting("remote_ca_file", _optional_file, None)
    remote_secret: str = _setting("remote_secret", _optional_secret, "", secret=True)
    remote_secrets_before: tuple[str, ...] = _setting("remote_secrets_before", _secrets, (), secret=True)
    ssh_path: str = _setting("ssh_path", _text, "ssh")
    remote_ssh_key: pathlib.Path | None = _setting("remote_ssh_key", _optional_file, None)
    remote_ssh_known_hosts: pathlib.Path | None = _setting("remote_ssh_known_hosts", _optional_file, None)

    index_backend: str = _setting("index.backend", _choice("sqlite", "postgresql", "whoosh", "none"), "sqlite")
    index_dir: pathlib.Path | None = _setting("index_dir", _optional_folder, None)
    index_branches: tuple[str, ...] = _setting("index.branches", _list, ())
    index_extensions: tuple[str, ...] = _setting("index.extensions", _list, ())
    index_filenames: tuple[str, ...] = _setting("index.filenames", _list, ())
    index_max_file_size: int = _setting("index.max_file_size", _number(1_000, 16_000_000), 1_000_000)

    worker: str = _setting("worker", _choice("embedded", "separate"), "embedded")
    use_celery: bool = _setting("use_celery", _boolean, False)
    broker_url: str = _setting("celery.broker_url", _broker, "", secret=True)

    smtp_server: str = _setting("smtp_server", _text, "")
    smtp_port: int = _setting("smtp_port", lambda value: _number(1, 65535)(value) if value else 0, 0)
    smtp_username: str = _setting("smtp_username", _text, "")
    smtp_password: str = _setting("smtp_password", _text, "", secret=True)
    smtp_use_ssl: bool = _setting("smtp_use_ssl", _boolean, False)
    smtp_use_tls: bool = _setting("smtp_use_tls", _boolean, False)
    app_email_from: str = _setting("app_email_from", _text, "Kallithea <kallithea-noreply@localhost>")
    email_prefix: str = _setting("email_prefix", _text, "")

    debug: bool = _setting("debug", _boolean, False)

    metrics_networks: tuple[Network, ...] = _setting("metrics_networks", _networks, ())
    metrics_token: str = _setting("metrics_token", _text, "", secret=True)
    slow_request_seconds: int = _setting("slow_request_seconds", _number(0, 86_400), 10)


#: Settings of Kallithea 0.7 that decide nothing here, or not yet: accepted, so that an old .ini is no error.
ACCEPTED = frozenset(
    """full_stack commit_parse_limit git_hook_interpreter
    git_rev_filter rss_cut_off_limit rss_items_per_page rss_include_diff show_revision_number gist_alias_url bugtracker
    auth_ret_code allow_repo_location_change allow_custom_hooks_settings ssh_enabled
    ssh_authorized_keys kallithea_cli_path ssh_locale errorpage.enabled error_email_from email_to
    app_instance_uuid show_sha_length hgencoding here __file__ use""".split()
)

#: Beginnings of keys that are passed on to a library as they are, or belong to features that do not exist here yet.
PASSED_ON = (
    "session.",
    "beaker.",
    "sqlalchemy.",
    "celery.",
    "issue_",
    "trace_errors.",
    "logview.",
    "pyramid.",
    "get ",
    "set ",
)


def parse_settings(values: Mapping[str, str]) -> Settings:
    """Typed settings from an .ini's ``[app:main]`` and ``[DEFAULT]``. Raises SettingsError naming every wrong value."""
    found: dict[str, Any] = {}
    problems: list[str] = []
    for field in dataclasses.fields(Settings):
        key = next((name for name in field.metadata["names"] if name in values), None)
        if key is None:
            if field.default is dataclasses.MISSING:
                problems.append(f"{field.metadata['key']} is missing; production.ini.template explains it")
            continue
        try:
            found[field.name] = field.metadata["parse"](values[key].strip())
        except ValueError as problem:
            shown = "" if field.metadata["secret"] else f" = {values[key]}"
            problems.append(f"{key}{shown}: {problem}")
    if found.get("use_celery") and not found.get("broker_url"):
        problems.append("celery.broker_url is missing, which use_celery = true needs")
    session_type = found.get("session_type", "cookie")
    needed = {"cookie": "", "file": "session_data_dir"}.get(session_type, "session_url")
    if needed and not found.get(needed):
        problems.append(f"{needed.replace('_', '.', 1)} is missing, which session.type = {session_type} needs")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**found)


def known_keys() -> tuple[str, ...]:
    """All keys that have a typed setting, in the order of the template."""
    return tuple(field.metadata["key"] for field in dataclasses.fields(Settings))


def describe_unknown_keys(values: Mapping[str, str]) -> list[str]:
    """A sentence for each key that means nothing, as operators are told of it."""
    return [
        f"The .ini sets {key}, which means nothing{f'; do you mean {nearest}?' if nearest else '.'}"
        for key, nearest in unknown_keys(values).items()
    ]


def unknown_keys(values: Mapping[str, str]) -> dict[str, str | None]:
    """Keys that mean nothing to the application, each with the nearest right name or None."""
    known = known_keys()
    unknown: dict[str, str | None] = {}
    for key in values:
        if key in known or key in ACCEPTED:
            continue
        passed_on = key.startswith(PASSED_ON)
        # what a library may know is only named where it is all but one of ours
        nearest = next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.9 if passed_on else 0.6)), None)
        if nearest is not None or not passed_on:
            unknown[key] = nearest
    return unknown
