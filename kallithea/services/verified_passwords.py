"""Passwords that this process verified a moment ago, so that one push does not hash the same password three times."""

import collections
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable

_SECONDS = 60.0
_BOUND = 2000


class VerifiedPasswords:
    """Remembers for 60 seconds, counted from the verification, that a password was right.

    What is kept is an HMAC under a key that only this process knows, over the user, the version of the password and the
    password. The caller reads the user's row afresh in every request: a new password has a new version and is not found
    here, and a disabled user is refused before this is asked. Safe to use from several threads.
    """

    def __init__(
        self, seconds: float = _SECONDS, bound: int = _BOUND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._bound = bound
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._ends: collections.OrderedDict[bytes, float] = collections.OrderedDict()
        self._lock = threading.Lock()

    def remember(self, user_id: int, password_version: int, password: str) -> None:
        """Note that this is the user's password; the least recently used note goes when there are too many."""
        digest = self._digest(user_id, password_version, password)
        with self._lock:
            self._ends[digest] = self._clock() + self._seconds
            self._ends.move_to_end(digest)
            while len(self._ends) > self._bound:
                self._ends.popitem(last=False)

    def knows(self, user_id: int, password_version: int, password: str) -> bool:
        """Whether this was the user's password within the last minute."""
        digest = self._digest(user_id, password_version, password)
        with self._lock:
            end = self._ends.get(digest)
            if end is None:
                return False
            if end <= self._clock():
                del self._ends[digest]
                return False
            self._ends.move_to_end(digest)
            return True

    def __len__(self) -> int:
        return len(self._ends)

    def _digest(self, user_id: int, password_version: int, password: str) -> bytes:
        message = f"{user_id}:{password_version}:{password}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).digest()
