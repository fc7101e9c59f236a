"""Fields of the forms about an account."""

from collections.abc import Mapping

from kallithea.core.words import _
from kallithea.web.ui.fields import TextField

_LONGEST_NAME = 99
_LONGEST_PASSWORD = 1024


def name_fields(
    name: str, email: str, first_name: str, last_name: str, problems: Mapping[str, str]
) -> tuple[TextField, ...]:
    """What an account is called, and its address."""
    return (
        TextField(
            "username",
            _("User name"),
            name,
            problems.get("name", ""),
            _("For signing in. Written with an @ before it, it stands for the person in messages."),
            required=True,
            longest=_LONGEST_NAME,
        ),
        TextField("email", _("E-mail address"), email, problems.get("email", ""), kind="email"),
        TextField("firstname", _("First name"), first_name, problems.get("first_name", "")),
        TextField("lastname", _("Last name"), last_name, problems.get("last_name", "")),
    )


def password_field(label: str, hint: str, problem: str, *, required: bool) -> TextField:
    """A password for an account; what was typed is not shown again."""
    return TextField(
        "password",
        label,
        "",
        problem,
        hint,
        kind="password",
        required=required,
        autocomplete="new-password",
        longest=_LONGEST_PASSWORD,
    )


def heir_field(value: str, problem: str) -> TextField:
    """Who owns what the account owned."""
    hint = _("The user name of an active account.")
    return TextField("heir", _("New owner"), value, problem, hint, required=True, longest=_LONGEST_NAME)
