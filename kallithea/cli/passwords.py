"""Where a new password comes from: an option, standard input, the person at the terminal, or chance."""

import secrets
import sys
from collections.abc import Callable
from typing import TypeVar

import click

from kallithea.auth.passwords import find_password_problem
from kallithea.core.errors import InvalidError

_Command = TypeVar("_Command", bound=Callable[..., None])

#: Without characters that are easily taken for each other.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def password_options(function: _Command) -> _Command:
    """The options ``--password`` and ``--generate-password``, for ``choose_password``."""
    generate = click.option("--generate-password", is_flag=True, help="Make a password and print it once.")
    given = click.option(
        "--password",
        help="The password. Others on this machine may see it; without this option it is read from standard input.",
    )
    return generate(given(function))


def choose_password(given: str | None, *, generate: bool) -> str:
    """The new password. Raises InvalidError when it cannot be accepted."""
    if generate:
        return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    password = given if given is not None else _read()
    if not password:
        raise InvalidError(
            {"password": "there is none; write it to standard input, or let --generate-password make one"}
        )
    problem = find_password_problem(password)
    if problem:
        raise InvalidError({"password": problem})
    return password


def _read() -> str:
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")
