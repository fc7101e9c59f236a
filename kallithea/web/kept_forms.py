"""What somebody wrote into a form that was refused: shown again, so that nothing they typed is lost.

A session may have ended while they wrote, the right may be gone, the database away. Passwords are not shown again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import Text, _
from kallithea.web.csrf import FIELD, comes_from_here
from kallithea.web.request import Request

#: Fields that people write texts into, and how they are called there.
_LABELS: Mapping[str, Text] = {
    "path": _("Path"),
    "folder": _("Folder"),
    "content": _("Content"),
    "message": _("Message"),
    "repo_name": _("Name"),
    "group_name": _("Name"),
    "repo_description": _("Description"),
    "group_description": _("Description"),
}
# An address may hold a password as well.
_SECRET = ("password", "clone_uri")


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field of the form. ``label`` is empty for one that nobody writes into."""

    name: str
    value: str
    label: str

    @property
    def is_long(self) -> bool:
        """Whether it has lines of its own."""
        return self.name in ("content", "message") or "description" in self.name


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The form that was sent, and where it goes. ``multipart``: as forms with files are sent, without their files."""

    action: str
    multipart: bool
    fields: tuple[KeptField, ...]


def find_kept_form(request: Request) -> KeptForm | None:
    """What the request sent, or None where nobody wrote anything.

    Only of forms that a page of this site sent, as the browser says: beside the words of others there would be a button
    that does in the visitor's name what those others want.
    """
    if request.method != "POST" or request.browser_session.id is None or not comes_from_here(request):
        return None
    fields = tuple(
        KeptField(name, value, _LABELS.get(name, ""))
        for name, value in request.read_texts().items()
        if name != FIELD and not any(secret in name for secret in _SECRET)
    )
    if not any(field.label and field.value.strip() for field in fields):
        return None
    return KeptForm(request.path_qs, request.is_multipart, fields)
