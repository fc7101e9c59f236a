"""What a client sends to say who it is."""

import base64
import binascii
from dataclasses import dataclass, field

from kallithea.services.tokens import PREFIX

_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password, which may be a token. Neither has been checked."""

    name: str
    password: str = field(repr=False)


class MalformedCredentialsError(Exception):
    """An Authorization header that says nothing, or more than anybody needs."""


def parse_credentials(header: str) -> Credentials | None:
    """Credentials of an ``Authorization`` header, None where there is none. Raises MalformedCredentialsError.

    A token may stand alone (``Bearer``), as the password with any name, or in place of the name.
    """
    if not header:
        return None
    scheme, _, value = header.strip().partition(" ")
    if len(header) <= _LONGEST and scheme.lower() == "bearer":
        return Credentials("", value.strip())
    if len(header) <= _LONGEST and scheme.lower() == "basic":
        return _parse_basic(value.strip())
    raise MalformedCredentialsError


def _parse_basic(value: str) -> Credentials:
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise MalformedCredentialsError from problem
    name, separator, password = text.partition(":")
    if not separator or "\0" in text or not (password or name.startswith(PREFIX)):
        raise MalformedCredentialsError
    return Credentials(name, password)
