"""Writing the name of what is about to be deleted."""

from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.web.ui.fields import TextField

_FIELD = "name"


def confirmation_field(name: str, value: str, problem: str) -> TextField:
    """The name of what is about to be deleted, to be written once more."""
    label = _("To confirm, write the name %(name)s", name=name)
    return TextField(_FIELD, label, value, problem, required=True)


def require_confirmation(typed: str, name: str) -> None:
    """Raise InvalidError about the field unless the name was written."""
    if typed != name:
        raise InvalidError({_FIELD: _("Nothing was deleted. Write the name %(name)s.", name=name)})
