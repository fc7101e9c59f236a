"""Situations that any layer may meet. Each way in (page, wire, command) turns them into its own words once."""

from collections.abc import Mapping

from kallithea.core.words import Text


class KallitheaError(Exception):
    """A situation that is explained to the person who met it; the message is plain text without secrets."""


def message_of(problem: Exception) -> str:
    """What a problem says, as it was given: a ``Text`` stays one, so that a page can say it in its reader's language.

    ``str(problem)`` is the same in English.
    """
    message = problem.args[0] if len(problem.args) == 1 else None
    return message if isinstance(message, str) else str(problem)


#: In so many seconds who is told that something cannot be had now may ask again, where nobody knows better.
RETRY_SECONDS = 10
#: Statuses of HTTP that say so: unavailable, and no room.
RETRIED_STATUSES = (503, 507)


class NotFoundError(KallitheaError):
    """The thing does not exist, or may not be seen by who asks: the two are never told apart."""


class ForbiddenError(KallitheaError):
    """The thing may be seen, but not this done to it."""


class ConflictError(KallitheaError):
    """What was asked contradicts what is there: a name is taken, a value has changed meanwhile."""


class InvalidError(KallitheaError):
    """Input that cannot be accepted. ``problems`` maps a field's name to what is wrong and what would be right."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(_join(problems))
        self.problems = dict(problems)


class ThrottledError(KallitheaError):
    """Too many attempts; ``retry_after`` is the number of seconds to wait."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(KallitheaError):
    """Something that this needs, such as the database or a limited slot, cannot be had now; trying again may help."""


class OvertakenError(UnavailableError):
    """The database has ended a unit in favour of another one. Nothing of it is stored; run again it is likely to be."""


class LastingError(KallitheaError):
    """What trying again does not help: a job that meets it is given up at once."""


def _join(problems: Mapping[str, str]) -> Text:
    """``name: is empty; kind: write git or hg``: names of fields are the same in all languages."""
    values = {f"field{place}": field for place, field in enumerate(problems)}
    values |= {f"problem{place}": problem for place, problem in enumerate(problems.values())}
    return Text("; ".join(f"%(field{place})s: %(problem{place})s" for place in range(len(problems))), values)
