"""HTTP to repositories elsewhere: to pinned IP addresses only, without proxies, cookies and files of the user.

Redirects are followed here, before git or Mercurial is started, and each address that they lead to is judged like the
first one. The libraries themselves follow none.
"""

import base64
import http.client
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kallithea.core.errors import message_of
from kallithea.core.remote_addresses import RemoteAddress, RemoteAddressError, parse_remote_address
from kallithea.core.words import _
from kallithea.vcs.remote import Credentials, RemoteError, RemoteSource
from kallithea.vcs.remote_guard import Guard
from kallithea.vcs.remote_hosts import PinnedHost, Sockets, pin_host

#: Seconds without a byte after which a connection counts as dead.
STALLED_SECONDS = 60.0
#: Seconds until the first answer that is no redirect, whatever comes meanwhile.
FOLLOW_SECONDS = 120.0

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_READ = 1 << 16


@dataclass(frozen=True, slots=True)
class Found:
    """Where redirects have led: what to fetch from, its pinned host, and the begin of what it answered."""

    source: RemoteSource
    pinned: PinnedHost
    content_type: str
    body: bytes


def follow_redirects(source: RemoteSource, suffix: str, accepts: Callable[[str], bool], guard: Guard) -> Found:
    """Ask for the address with ``suffix`` behind it, as git and hg do first, until there is no redirect any more.

    ``accepts`` tells from the content type whether a repository has answered. Raises RemoteError, and what the guard
    raises.
    """
    sockets = Sockets()
    with guard.watching(sockets.end, FOLLOW_SECONDS):
        for _step in range(_MOST_REDIRECTS + 1):
            found = _ask(source, suffix, accepts, sockets)
            if isinstance(found, Found):
                return found
            source = found
    raise RemoteError(_("The address leads from one to the next without an end."))


def _ask(source: RemoteSource, suffix: str, accepts: Callable[[str], bool], sockets: Sockets) -> Found | RemoteSource:
    """What is there, or where the address leads. Raises RemoteError."""
    pinned = pin_host(source.address, source.rules)
    try:
        with make_opener(source, pinned, sockets).open(_url(source, suffix)) as answer:
            content_type = str(answer.headers.get_content_type())
            if not accepts(content_type):
                raise RemoteError(_("There is no repository of this kind at the address."))
            return Found(source, pinned, content_type, answer.read(_READ))
    except urllib.error.HTTPError as problem:
        problem.close()
        if problem.code not in _REDIRECTS:
            raise refusal(problem.code, source.credentials) from None
        return _follow(source, suffix, problem.headers.get("Location", ""))
    except (OSError, http.client.HTTPException) as problem:
        raise unreachable(source, problem) from None


def make_opener(
    source: RemoteSource,
    pinned: PinnedHost,
    sockets: Sockets,
    response: type[http.client.HTTPResponse] = http.client.HTTPResponse,
) -> urllib.request.OpenerDirector:
    """What opens addresses of the pinned host and of no other; ``response`` is the class of its answers."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        _PinnedHandler(source, pinned, sockets, response),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def refusal(status: int, credentials: Credentials | None) -> RemoteError:
    """What a status means that is none of success."""
    words = _("The other site answered with the status %(status)s.", status=str(status))
    if status == http.HTTPStatus.UNAUTHORIZED and credentials is None:
        words = _("The other site asks for a user name and a password or token.")
    elif status == http.HTTPStatus.UNAUTHORIZED:
        words = _("The other site does not accept the user name and the password.")
    elif status == http.HTTPStatus.FORBIDDEN:
        words = _("The other site does not allow it.")
    elif status in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
        words = _("There is no repository at the address, or it is hidden from those who do not sign in.")
    return RemoteError(words)


def unreachable(source: RemoteSource, problem: BaseException) -> RemoteError:
    """What a connection that failed means."""
    reason = getattr(problem, "reason", problem)
    host = source.address.host
    if isinstance(reason, ssl.SSLCertVerificationError):
        return RemoteError(
            _("The certificate of %(host)s cannot be trusted: %(reason)s.", host=host, reason=reason.verify_message)
        )
    if isinstance(reason, ssl.SSLError):
        return RemoteError(_("%(host)s does not speak TLS as it should.", host=host))
    if isinstance(reason, TimeoutError):
        return RemoteError(_("%(host)s did not answer in time.", host=host))
    if isinstance(reason, OSError):
        return RemoteError(_("%(host)s cannot be reached.", host=host))
    return RemoteError(_("%(host)s does not answer as a web server does.", host=host))


class _PinnedHandler(urllib.request.AbstractHTTPHandler):
    def __init__(
        self,
        source: RemoteSource,
        pinned: PinnedHost,
        sockets: Sockets,
        response: type[http.client.HTTPResponse],
    ) -> None:
        super().__init__()
        self._source = source
        self._pinned = pinned
        self._sockets = sockets
        self._response = response

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request over http."""
        return self._open(request, "http")

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request over https."""
        return self._open(request, "https")

    http_request = urllib.request.AbstractHTTPHandler.do_request_
    https_request = urllib.request.AbstractHTTPHandler.do_request_

    def _open(self, request: urllib.request.Request, scheme: str) -> http.client.HTTPResponse:
        asked = parse_remote_address(f"{scheme}://{request.host}/", (scheme,))
        if asked.origin != self._pinned.address.origin:
            raise urllib.error.URLError("another host than the pinned one")
        credentials = self._source.credentials
        if credentials is not None:
            pair = base64.b64encode(f"{credentials.user}:{credentials.password}".encode()).decode("ascii")
            request.add_unredirected_header("Authorization", f"Basic {pair}")
        return self.do_open(self._connection, request)

    def _connection(self, _host: str, **_: Any) -> http.client.HTTPConnection:
        connection = _PinnedConnection(self._pinned, self._source, self._sockets)
        connection.response_class = self._response
        return connection


class _PinnedConnection(http.client.HTTPConnection):
    """A connection whose name in headers and in TLS is the host's, wherever it leads."""

    def __init__(self, pinned: PinnedHost, source: RemoteSource, sockets: Sockets) -> None:
        address = pinned.address
        self.default_port = 443 if address.scheme == "https" else 80
        super().__init__(address.host, address.port, timeout=STALLED_SECONDS)
        self._pinned = pinned
        self._ca_file = source.rules.ca_file
        self._sockets = sockets

    def connect(self) -> None:
        """Connect to one of the pinned IP addresses. Raises OSError."""
        self.sock = self._pinned.connect(STALLED_SECONDS)
        if self._pinned.address.scheme == "https":
            context = ssl.create_default_context(cafile=self._ca_file)
            host = self._pinned.address.host
            secure = context.wrap_socket(self.sock, server_hostname=host, do_handshake_on_connect=False)
            self.sock = secure
            self._sockets.add(secure)
            secure.do_handshake()
        else:
            self._sockets.add(self.sock)


def _url(source: RemoteSource, suffix: str) -> str:
    return str(source.address).rstrip("/") + suffix


def _follow(source: RemoteSource, suffix: str, location: str) -> RemoteSource:
    """Where a redirect leads; credentials are for the site that they were given for. Raises RemoteError."""
    target = urllib.parse.urljoin(_url(source, suffix), location)
    if not location or not target.endswith(suffix):
        raise RemoteError(_("There is no repository of this kind at the address: it leads to another page."))
    schemes = {"https"} if source.address.scheme == "https" else {"https", "http"}
    try:
        address = parse_remote_address(target.removesuffix(suffix), schemes & set(source.rules.schemes))
    except RemoteAddressError as problem:
        raise RemoteError(
            _(
                "The address leads to another one, from which this site does not fetch: %(problem)s.",
                problem=message_of(problem),
            )
        ) from None
    return replace(source, address=address, credentials=source.credentials if _same(source.address, address) else None)


def _same(first: RemoteAddress, target: RemoteAddress) -> bool:
    """Whether a redirect stays with the same site, which it may come to by https in the place of http."""
    upgraded = (first.scheme, first.port, target.scheme, target.port) == ("http", 80, "https", 443)
    return first.origin == target.origin or (upgraded and first.host == target.host)
