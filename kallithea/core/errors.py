"""Situations that any layer may meet. Each way in (page, wire, command) turns them into its own words once."""

from collections.abc import Mapping


class KallitheaError(Exception):
    """A situation that is explained to the person who met it; the message is plain text without secrets."""


class NotFoundError(KallitheaError):
    """The thing does not exist, or may not be seen by who asks: the two are never told apart."""


class ForbiddenError(KallitheaError):
    """The thing may be seen, but not this done to it."""


class ConflictError(KallitheaError):
    """What was asked contradicts what is there: a name is taken, a value has changed meanwhile."""


class InvalidError(KallitheaError):
    """Input that cannot be accepted. ``problems`` maps a field's name to what is wrong and what would be right."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)


class ThrottledError(KallitheaError):
    """Too many attempts; ``retry_after`` is the number of seconds to wait."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(KallitheaError):
    """Something that this needs, such as the database or a limited slot, cannot be had now; trying again may help."""
