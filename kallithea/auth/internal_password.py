"""The way in by the passwords that are kept here."""

from kallithea.auth.method import Attempt, Recognised
from kallithea.auth.passwords import verify_password
from kallithea.core.settings import Settings


class InternalPassword:
    """Knows whoever sends the password of an account."""

    takes_passwords = True

    def __init__(self, settings: Settings) -> None:
        pass

    def recognise(self, attempt: Attempt) -> Recognised | None:
        """Hashes the password once, also where there is no account."""
        if not attempt.name and not attempt.password:
            return None
        return Recognised(attempt.name) if verify_password(attempt.password, attempt.password_hash) else None
