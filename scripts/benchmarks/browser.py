"""A browser, as far as a load needs one: cookies, and forms that it fills in as they come."""

import html.parser
import http.client
import http.cookies
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from scripts.benchmarks.measuring import LackError

_TIME_LIMIT_SECONDS = 120
_SHOWN = 300


@dataclass(frozen=True)
class Page:
    """An answer. ``location`` is where it leads to, empty where it does not."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        """The body, which is UTF-8."""
        return self.body.decode(errors="replace")


@dataclass
class Browser:
    """Somebody with cookies, each of whose requests has a connection of its own."""

    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, port: int, address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] = {}
    ) -> Page:
        """Ask 127.0.0.1 for an address, or send a form there. Raises OSError, HTTPException; LackError for 5xx."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIME_LIMIT_SECONDS)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if form is None else "POST", address, body, sent)
            answer = connection.getresponse()
            page = Page(answer.status, answer.headers.get("Location", ""), answer.read())
            for line in answer.headers.get_all("Set-Cookie") or ():
                found = http.cookies.SimpleCookie(line)
                self.cookies |= {name: morsel.value for name, morsel in found.items()}
        finally:
            connection.close()
        if page.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise LackError(f"{address} is {page.status}: {page.text[:_SHOWN]}")
        return page

    def get(self, port: int, address: str) -> Page:
        """The same for a page that must be there. Raises LackError, too."""
        page = self.ask(port, address)
        if page.status != http.HTTPStatus.OK:
            raise LackError(f"{address} is {page.status}: {page.text[:_SHOWN]}")
        return page

    def fill_in(self, port: int, address: str, change: Mapping[str, str], send_to: str = "") -> Page:
        """Load the page of a form, change fields, and send it. Raises LackError unless the answer leads elsewhere.

        The form is the one that is sent to ``send_to``, which is the page itself where nothing is said.
        """
        target = send_to or address
        forms = read_forms(self.get(port, address).text)
        if target not in forms:
            raise LackError(f"{address} has no form for {target}")
        page = self.ask(port, target, {**forms[target], **change})
        if page.status != http.HTTPStatus.SEE_OTHER:
            raise LackError(f"The form of {address} is answered by {page.status}")
        return page


def read_forms(text: str) -> dict[str, dict[str, str]]:
    """The fields of each form of a page, by the path to which it is sent, as a browser would send them."""
    parser = _Forms()
    parser.feed(text)
    return parser.forms


class _Forms(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        match tag:
            case "form":
                self._fields = self.forms.setdefault(urllib.parse.urlsplit(found.get("action", "")).path, {})
            case "input" if name and "disabled" not in found:
                if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                    self._fields[name] = found.get("value", "")
            case "select":
                self._select = name
            case "option" if self._select and ("selected" in found or self._select not in self._fields):
                self._fields[self._select] = found.get("value", "")
            case "textarea":
                self._textarea = name
                self._fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._fields[self._textarea] += data.removeprefix("\n")
