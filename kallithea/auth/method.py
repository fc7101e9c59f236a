"""What a way to sign in is: something that says who somebody is, from what they bring along.

The .ini lists the methods in their order (``sign_in_methods``); the first that recognises somebody decides. A method
knows neither database nor request: accounts, waits after failures and allow-lists are the same for all and lie in
``services.sign_in``. One that asks a directory is a module here and a line in ``opener``.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody brings along. Without a password, both ``name`` and ``password`` are empty.

    ``password_hash`` is that of the active account with the name, None where there is none. ``vouched_name`` is the
    user name that a trusted proxy vouches for, empty where none does.
    """

    name: str = ""
    password: str = ""
    password_hash: str | None = None
    vouched_name: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is, by the name of the account, which may be another one than they wrote.

    ``creates``: an account is made where there is none.
    """

    name: str
    creates: bool = False


class SignInMethod(Protocol):
    """One way to sign in."""

    @property
    def takes_passwords(self) -> bool:
        """Whether it wants a name and a password, so that there is a form for them."""

    def recognise(self, attempt: Attempt) -> Recognised | None:
        """Who it is; None for somebody unknown to this method, and for attempts that are none of its kind.

        Takes as long for names that nobody has as for others. Raises UnavailableError where it cannot tell now.
        """


def recognise(methods: tuple[SignInMethod, ...], attempt: Attempt) -> Recognised | None:
    """Who it is, by the first method that knows."""
    return next((found for method in methods if (found := method.recognise(attempt)) is not None), None)
