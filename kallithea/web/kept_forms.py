"""What somebody wrote into a form that was refused: shown again, so that nothing they typed is lost.

A session may have ended while they wrote, the right may be gone, the database away. Passwords are not shown again: they
are asked for.
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
    "name": _("Name"),
    "description": _("Description"),
    "repo_description": _("Description"),
    "group_description": _("Description"),
    "clone_uri": _("Address"),
}
# An address may hold a password as well.
_SECRET = ("password", "clone_uri")
# The secret part of a link: who has the link sends its form again from there.
_OF_LINKS = "token"


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field of the form. ``label`` is empty where it goes along unseen. ``asked``: a secret, to be typed again."""

    name: str
    value: str
    label: str
    asked: bool = False

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
    """What the request sent, or None where it says nothing that may be shown.

    Only of forms that a page of this site sent, as the browser says: beside the words of others there would be a button
    that does in the visitor's name what those others want. Whether the browser still has a session does not matter:
    whoever signed out in another tab has none.
    """
    if request.method != "POST" or not comes_from_here(request):
        return None
    sent = {name: value for name, value in request.read_texts().items() if name != FIELD}
    fields = tuple(_keep(name, value) for name, value in sent.items())
    if _OF_LINKS in sent or not any(field.value.strip() for field in fields):
        return None
    return KeptForm(request.path_qs, request.is_multipart, fields)


def _keep(name: str, value: str) -> KeptField:
    if value and any(secret in name for secret in _SECRET):
        return KeptField(name, "", _LABELS.get(name, _("Password")), asked=True)
    return KeptField(name, value, _LABELS.get(name, ""))
