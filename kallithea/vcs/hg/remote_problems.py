"""What Mercurial raises while it fetches from elsewhere, in words."""

import contextlib
import http.client
import struct
import urllib.error
import zlib
from collections.abc import Iterator
from typing import Any

from kallithea.core.storage import find_storage_fault
from kallithea.core.words import Text, _
from kallithea.vcs.hg.mercurial_setup import error
from kallithea.vcs.remote import RemoteError, RemoteSource
from kallithea.vcs.remote_http import refusal, unreachable
from kallithea.vcs.types import UnwritableError, VcsError

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import zstd

# What decompressing and reading raise for what no Mercurial has sent.
_NONSENSE = (zlib.error, zstd.ZstdError, struct.error, ValueError, LookupError, TypeError, AttributeError, EOFError)
_NO_SERVER = _("The other site does not answer as a Mercurial repository does.")
_MEANINGS: dict[type[Exception], str] = {
    error.OutOfBandError: _("The other site refuses: it reports an error of its own."),
    error.StorageError: _("What came is damaged, or does not fit to what is here."),
    error.RepoError: _NO_SERVER,
    error.ResponseError: _NO_SERVER,
    error.PeerTransportError: _NO_SERVER,
}


@contextlib.contextmanager
def translated(source: RemoteSource) -> Iterator[None]:
    """Turn what Mercurial raises into words; what it quotes of the other side is left out."""
    try:
        yield
    except error.LockError as problem:
        raise VcsError(_("Somebody is changing the repository; try again later.")) from problem
    except urllib.error.HTTPError as problem:
        problem.close()
        raise refusal(problem.code, source.credentials) from None
    except tuple(_MEANINGS) as problem:
        words = next(words for kind, words in _MEANINGS.items() if isinstance(problem, kind))
        raise RemoteError(words) from problem
    except error.Abort as problem:
        raise RemoteError(_explain(source, problem)) from problem
    except (OSError, http.client.HTTPException) as problem:
        fault = find_storage_fault(problem) if isinstance(problem, OSError) else None
        if fault is not None:
            raise UnwritableError(fault) from problem
        raise unreachable(source, problem) from None
    except _NONSENSE as problem:
        raise RemoteError(_("What the other site sent makes no sense to Mercurial.")) from problem


def _explain(source: RemoteSource, problem: Any) -> Text:
    text = bytes(problem.message).decode("utf-8", "replace")
    if "unrelated" in text:
        return _("The two repositories have no history in common.")
    if "stream ended unexpectedly" in text or "unexpected" in text:
        return _("The connection broke.")
    return _("Mercurial cannot fetch from there: %(reason)s.", reason=source.redact(text))
