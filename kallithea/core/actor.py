"""Who does something, as journal and audit remember it."""

import enum
from dataclasses import dataclass


class Way(enum.StrEnum):
    """The door through which somebody came."""

    WEB = "web"
    HTTP = "http"
    SSH = "ssh"
    API = "api"
    COMMAND = "command"
    WORKER = "worker"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or process that acts. ``user_id`` is None for visitors, the command line and the worker.

    ``address`` is the client's IP address as text, empty where there is none.
    """

    user_id: int | None
    name: str
    way: Way
    address: str = ""


COMMAND_LINE = Actor(None, "command line", Way.COMMAND)
WORKER = Actor(None, "worker", Way.WORKER)
#: Whoever changed a repository without telling this site.
OUTSIDE = Actor(None, "outside", Way.OUTSIDE)

#: What the audit calls somebody who is not signed in.
VISITOR_NAME = "visitor"
#: Whoever has an account of their own choice must not be taken for one of these.
NAMES_OF_OTHERS = frozenset({VISITOR_NAME, COMMAND_LINE.name, WORKER.name, OUTSIDE.name})
