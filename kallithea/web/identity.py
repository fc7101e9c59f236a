"""Who asks for a page."""

from dataclasses import dataclass

from kallithea.core.access import VISITORS, Viewer
from kallithea.core.site_documents import Looks
from kallithea.services.notifications import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as pages show them. ``user_id`` is None and the names are empty for somebody who is not signed in.

    ``language`` and ``time_zone`` are empty for those who have chosen none. ``looks`` are the same for
    everybody, and come along. ``unread`` counts notifications.
    """

    viewer: Viewer
    user_id: int | None = None
    name: str = ""
    full_name: str = ""
    email: str = ""
    language: str = ""
    time_zone: str = ""
    looks: Looks = Looks()
    unread: int = 0

    @property
    def signed_in(self) -> bool:
        """Whether this is somebody with an account."""
        return self.user_id is not None

    @property
    def unread_words(self) -> str:
        """How many notifications are unread, as long as somebody has counted them."""
        return str(self.unread) if self.unread < MOST_COUNTED else f"{MOST_COUNTED - 1}+"

    @property
    def member_id(self) -> int:
        """The user's id, on pages for those who are signed in. Raises LookupError where nobody is."""
        if self.user_id is None:
            raise LookupError("nobody is signed in")
        return self.user_id


#: Somebody of whom nothing is known: for pages that touch no database, and errors on the way there.
NOBODY = Identity(Viewer(None, frozenset({VISITORS})))
