"""Hashing and verifying local passwords.

New hashes are argon2id. Hashes of older systems are verified as those systems made them: bcrypt of the first 72 bytes,
and the hexadecimal SHA-256 that came before.
"""

import contextlib
import hashlib
import hmac
import re
import threading
import unicodedata
from collections.abc import Iterator

import bcrypt
from pwdlib.hashers.argon2 import Argon2Hasher

from kallithea.core.errors import UnavailableError
from kallithea.core.words import _, _n

MAX_BYTES = 1024
MIN_CHARACTERS = 8

#: A hash of 64 MiB each: more at a time would take a small machine's memory.
_AT_ONCE = 2
_PATIENCE_SECONDS = 30.0
_SLOTS = threading.BoundedSemaphore(_AT_ONCE)

_HASHER = Argon2Hasher(time_cost=3, memory_cost=65536, parallelism=4)
# The hash of a random password that nobody kept, with the costs above: verified when there is no account.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$d4BOrfJ4bkUaR1hB+say0w$Sm1gP8xU2E5IfP8qh0I8kpzHZbnC9tUNuO+gOE/X0GI"
_BCRYPT = re.compile(r"\$2[abxy]\$(?:0[4-9]|1\d|2\d|3[01])\$[./A-Za-z0-9]{53}")
_BCRYPT_BYTES = 72
_SHA256 = re.compile(r"[0-9a-f]{64}")


def find_password_problem(text: str) -> str | None:
    """Why the text cannot become somebody's password, or None."""
    if len(text) < MIN_CHARACTERS:
        return _n("use at least %(count)s character", "use at least %(count)s characters", MIN_CHARACTERS)
    if _plain(text) is None:
        return _n(
            "use at most %(count)s byte of text, without NUL characters",
            "use at most %(count)s bytes of text, without NUL characters",
            MAX_BYTES,
        )
    return None


def hash_password(text: str) -> str:
    """The argon2id hash of a password. Raises ValueError where ``find_password_problem`` speaks of its bytes.

    Costs 64 MiB and about 100 ms, so never call it in a writing unit. Raises UnavailableError after waiting in vain.
    """
    plain = _plain(text)
    if plain is None:
        raise ValueError("a password of too many bytes, or with a NUL character")
    with _slot():
        return _HASHER.hash(_normal(plain))


def verify_password(text: str, password_hash: str | None) -> bool:
    """Whether the text is the password of the hash; None stands for an account that does not exist, and costs as much.

    At most two verifications run at a time in a process. Raises UnavailableError after waiting for a turn in vain.
    """
    plain = _plain(text)
    if plain is None:
        return False
    with _slot():
        if password_hash is None:
            _HASHER.verify(_normal(plain), _NOBODY)
            return False
        if _BCRYPT.fullmatch(password_hash):
            # nobody may see by the time that this account is an old one
            _HASHER.verify(_normal(plain), _NOBODY)
            return bcrypt.checkpw(plain[:_BCRYPT_BYTES], password_hash.encode())
        if _SHA256.fullmatch(password_hash):
            _HASHER.verify(_normal(plain), _NOBODY)
            return hmac.compare_digest(hashlib.sha256(plain).hexdigest(), password_hash)
        return _HASHER.verify(_normal(plain), password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash should be made anew when its password is next known."""
    return not Argon2Hasher.identify(password_hash) or _HASHER.check_needs_rehash(password_hash)


def _plain(text: str) -> bytes | None:
    """The text as UTF-8, or None where it can be no password. Refused before anything is computed from it."""
    if len(text) > MAX_BYTES or "\0" in text:
        return None
    try:
        plain = text.encode()
    except UnicodeEncodeError:
        return None
    return plain if len(plain) <= MAX_BYTES else None


def _normal(plain: bytes) -> bytes:
    """In Unicode NFC: keyboards of different systems send the same letter differently."""
    return unicodedata.normalize("NFC", plain.decode()).encode()


@contextlib.contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_PATIENCE_SECONDS):
        raise UnavailableError(_("Too many people are signing in at this moment. Try again."))
    try:
        yield
    finally:
        _SLOTS.release()
