"""Credentials for other sites, as the database may hold them: sealed with a key that only the .ini knows.

A seal also covers the site that the credentials are for: whoever may change the address of a remote cannot have
somebody else's password sent to a site of their own.
"""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kallithea.core.errors import KallitheaError
from kallithea.core.settings import Settings
from kallithea.core.words import _
from kallithea.vcs.remote import Credentials

_PURPOSE = b"kallithea: credentials for other sites"


class SealError(KallitheaError):
    """Sealed credentials cannot be used."""


class Sealing:
    """Seals credentials with the first of the .ini's secrets, and opens what was sealed with any of them."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.remote_secret or settings.session_secret
        self._ring = MultiFernet([_make_key(one) for one in (secret, *settings.remote_secrets_before)])

    def seal(self, origin: str, credentials: Credentials) -> bytes:
        """What may be stored. ``origin`` is whom they are for: see ``RemoteAddress.origin``."""
        text = json.dumps({"origin": origin, "user": credentials.user, "password": credentials.password})
        return self._ring.encrypt(text.encode())

    def open(self, origin: str, sealed: bytes) -> Credentials:
        """The credentials. Raises SealError, also for another site than the one that they were sealed for."""
        try:
            values = json.loads(self._ring.decrypt(sealed))
        except InvalidToken as problem:
            raise SealError(
                _("The stored password cannot be read any more, because the site has another secret. Enter it again.")
            ) from problem
        if values["origin"] != origin:
            raise SealError(_("The stored password belongs to another site. Enter it again."))
        return Credentials(values["user"], values["password"])


def _make_key(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
