"""A small mail server that keeps what it is given."""

import base64
import contextlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Received:
    """One message as it came over the wire."""

    sender: str
    recipients: list[str]
    data: bytes
    encrypted: bool
    signed_in_as: str


@dataclass
class MailServer:
    """What the server expects, says of messages, and got.

    Recipients at ``refused.example`` are refused for good, those at ``later.example`` for now.
    """

    port: int = 0
    tls: ssl.SSLContext | None = None
    password: str = ""
    answer: str = "250 taken"
    received: list[Received] = field(default_factory=list)


@contextlib.contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, encrypted: bool = False, password: str = "", answer: str = "250 taken"
) -> Iterator[MailServer]:
    """A server on a free port of 127.0.0.1; ``encrypted`` from the first byte, else by STARTTLS if there is ``tls``."""
    kept = MailServer(tls=tls, password=password, answer=answer)

    class Handler(_Session):
        server_data = kept
        from_the_first_byte = encrypted

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


class _Session(socketserver.StreamRequestHandler):
    server_data: MailServer
    from_the_first_byte = False

    def handle(self) -> None:
        self._sender = ""
        self._recipients: list[str] = []
        self._encrypted = False
        self._user = ""
        if self.from_the_first_byte:
            self._encrypt()
        self._say("220 test server")
        while self._answer(*self.rfile.readline().decode().strip().partition(" ")[::2]):
            pass

    def _answer(self, verb: str, rest: str) -> bool:
        """Whether the client goes on after this command."""
        match verb.upper():
            case "EHLO":
                tls = ["250-STARTTLS"] if self.server_data.tls else []
                self._say("250-here", *tls, "250-SMTPUTF8", "250 AUTH PLAIN")
            case "STARTTLS":
                self._say("220 go on")
                self._encrypt()
            case "AUTH":
                self._sign_in(rest)
            case "MAIL":
                self._sender = _address(rest)
                self._recipients.clear()
                self._say("250 fine")
            case "RCPT":
                self._add_recipient(_address(rest))
            case "DATA":
                self._take()
            case "QUIT":
                self._say("221 bye")
            case _:
                self._say("250 fine")
        return verb.upper() not in ("QUIT", "")

    def _add_recipient(self, address: str) -> None:
        refusals = {"refused.example": "550 not here", "later.example": "450 not yet"}
        refusal = refusals.get(address.rpartition("@")[2])
        if refusal is None:
            self._recipients.append(address)
        self._say(refusal or "250 fine")

    def _take(self) -> None:
        self._say("354 go on")
        data = b"".join(iter(self.rfile.readline, b".\r\n"))
        self.server_data.received.append(Received(self._sender, [*self._recipients], data, self._encrypted, self._user))
        self._say(self.server_data.answer)

    def _sign_in(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
        if password != self.server_data.password:
            self._say(f"535 {user} with {password} is wrong")
            return
        self._user = user
        self._say("235 welcome")

    def _encrypt(self) -> None:
        assert self.server_data.tls is not None
        self.request = self.server_data.tls.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", 0)
        self._encrypted = True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


def _address(text: str) -> str:
    return text.partition("<")[2].partition(">")[0]
