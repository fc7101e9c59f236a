"""What the wire answers, and refusals that git and hg show to the person who typed the command.

git prints the body of a failed request if it is plain text, hg prints the status line; so both hold the words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from kallithea.core.errors import RETRIED_STATUSES, RETRY_SECONDS

Headers: TypeAlias = Sequence[tuple[str, str]]

PLAIN_TEXT = "text/plain; charset=utf-8"
#: A browser that is led to the wire's addresses is shown words, and nothing else can come of it.
SAFE: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
)
NOT_STORED: Headers = (("Cache-Control", "no-cache, max-age=0, must-revalidate"), ("Expires", "0"))


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. ``body`` is closed by the server if it has ``close``. A whole body is given as a tuple of chunks."""

    status: str
    content_type: str
    body: Iterable[bytes]
    headers: Headers = field(default=NOT_STORED)

    @property
    def all_headers(self) -> list[tuple[str, str]]:
        """Every header, with a length where the body is whole."""
        headers = [("Content-Type", self.content_type), *SAFE, *self.headers]
        if isinstance(self.body, tuple):
            headers.append(("Content-Length", str(sum(map(len, self.body)))))
        return headers


class RefusedError(Exception):
    """A request that gets no more than a status and words. ``words`` is one line for whoever typed the command."""

    def __init__(self, status: int, words: str, headers: Headers = ()) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = headers

    def answer(self) -> Answer:
        """The response that shows the words in either client."""
        reason = " ".join(self.words.encode("ascii", "replace").decode("ascii").split())
        body = (f"{self.words}\n".encode(),)
        headers = dict(self.headers)
        if self.status in RETRIED_STATUSES:
            headers.setdefault("Retry-After", str(RETRY_SECONDS))
        return Answer(f"{self.status} {reason}", PLAIN_TEXT, body, (*NOT_STORED, *headers.items()))
