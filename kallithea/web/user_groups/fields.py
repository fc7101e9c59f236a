"""Fields of the forms about a group of users."""

from collections.abc import Mapping

from kallithea.core.words import _
from kallithea.web.ui.fields import TextField

_LONGEST_NAME = 100
_LONGEST_USER_NAME = 99


def group_fields(name: str, description: str, owner: str, problems: Mapping[str, str]) -> tuple[TextField, ...]:
    """What a group is called, what it is for, and who changes it."""
    hint = _("A user name. The owner changes the group and its members. Empty: administrators of the site alone do.")
    return (
        TextField("name", _("Name"), name, problems.get("name", ""), required=True, longest=_LONGEST_NAME),
        TextField("description", _("Description"), description, problems.get("description", "")),
        TextField("owner", _("Owner"), owner, problems.get("owner", ""), hint, longest=_LONGEST_USER_NAME),
    )


def member_field(value: str, problem: str) -> TextField:
    """Who is to be a member."""
    return TextField("member", _("User name"), value, problem, required=True, longest=_LONGEST_USER_NAME)
