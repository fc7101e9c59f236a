"""The request as views see it: typed, and safe against bytes that are no text."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from pyramid.request import Request as PyramidRequest

from kallithea.core.access import Viewer
from kallithea.core.actor import VISITOR_NAME, Actor, Way
from kallithea.core.addresses import client_address, url_scheme
from kallithea.core.errors import KallitheaError, message_of
from kallithea.core.meter import Meter
from kallithea.core.words import _
from kallithea.i18n.languages import Languages
from kallithea.render.issue_links import IssuePatterns
from kallithea.render.issue_rules import make_patterns
from kallithea.services.application import Application
from kallithea.services.scope import Services
from kallithea.services.traffic import Watched, find_watched
from kallithea.web.identity import NOBODY, Identity
from kallithea.web.links import Links
from kallithea.web.multipart import TEXT_LIMIT, MultipartError, MultipartForm, Upload, read_multipart
from kallithea.web.place import Place
from kallithea.web.reader import ZONE_COOKIE, Reader, choose_language, find_zone
from kallithea.web.sessions import BrowserSession

#: A form longer than this many bytes is refused; no form of ours is near it.
FORM_LIMIT = 1_000_000

_MOST_FIELDS = 1_000
_LONGEST_TEXT = 200
_MOST_DIGITS = 7
_USUAL_PORTS = {"http": ":80", "https": ":443"}
_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


class BadRequestError(KallitheaError):
    """The request cannot be understood; the message says which part of it."""


class Request(PyramidRequest):  # type: ignore[misc]  # Pyramid has no types
    """A request to a page. ``services`` exist while the page's unit is open, ``identity`` once it is known."""

    # Paths are bytes; as Latin-1, every one of them can be read.
    url_encoding = "latin-1"

    identity_of_request: Identity = NOBODY
    opened_services: Services | None = None
    found_place: Place | None = None
    #: What lies near to what a page did not find in a repository: ``web.nearby``.
    nearby: Any = None
    #: Whether the page lacks something that is found out meanwhile, so that it must not be kept.
    incomplete: bool = False
    _multipart: MultipartForm | None = None
    _body_read: bool = False

    @property
    def place(self) -> Place:
        """What the path leads to."""
        if self.found_place is None:
            raise LookupError("the path has not been read yet")
        return self.found_place

    @cached_property
    def watched(self) -> Watched:
        """What is written down of the request when it has ended."""
        return find_watched(self.environ)

    @cached_property
    def meter(self) -> Meter:
        """What the request has cost since it came."""
        return self.watched.meter

    @property
    def application(self) -> Application:
        """What this process holds."""
        application: Application = self.registry.application
        return application

    @property
    def services(self) -> Services:
        """The services of the unit that surrounds the view."""
        if self.opened_services is None:
            raise LookupError("this page opens its units of work itself")
        return self.opened_services

    @property
    def visitor(self) -> Identity:
        """Who asks; somebody unknown, while and where nobody is signed in."""
        return self.identity_of_request

    def viewer_in(self, services: Services) -> Viewer:
        """Who asks, with the rights that they have in this unit: for pages that open one of their own to write."""
        return services.permissions.viewer_now(self.visitor.viewer)

    @cached_property
    def reader(self) -> Reader:
        """Who reads the page: by their account, else as far as the browser says."""
        settings, visitor = self.application.settings, self.visitor
        languages: Languages = self.registry.languages
        return Reader(
            (languages.find(visitor.language) if visitor.language else None)
            or choose_language(
                languages,
                self.environ.get("HTTP_ACCEPT_LANGUAGE", "") if settings.choose_language else "",
                settings.language,
            ),
            find_zone(visitor.time_zone, self.cookies.get(ZONE_COOKIE, "")),
            self.application.clock(),
        )

    @property
    def actor(self) -> Actor:
        """Who asks, for journal and audit."""
        return Actor(self.visitor.user_id, self.visitor.name or VISITOR_NAME, Way.WEB, self.address)

    @property
    def site_title(self) -> str:
        """What the site is called."""
        return self.visitor.looks.title or self.application.settings.title

    @property
    def issue_patterns(self) -> IssuePatterns:
        """What names issues in texts: by the .ini, and by administrators of the site."""
        return (*self.registry.issue_patterns, *make_patterns(self.visitor.looks.issues))

    @cached_property
    def address(self) -> str:
        """The client's IP address."""
        return client_address(self.environ, self.application.settings)

    @cached_property
    def browser_session(self) -> BrowserSession:
        """What the browser's cookie says."""
        secure = self.origin.startswith("https:")
        return BrowserSession(self.environ, self.registry.session_options, secure=secure, path=self.cookie_path)

    @property
    def cookie_path(self) -> str:
        """Where browsers send our cookies: to this application, and to no other one of the same host."""
        return self.links.prefix or "/"

    @property
    def has_host(self) -> bool:
        """Whether the Host header, which clients choose freely, can be a host's name; pages are made only then."""
        return _HOST.fullmatch(self._host) is not None

    @cached_property
    def origin(self) -> str:
        """Scheme and host as the browser used them, without a usual port, such as ``https://code.example.org``."""
        host = self._host
        scheme = url_scheme(self.environ, self.application.settings)
        return f"{scheme}://{host.removesuffix(_USUAL_PORTS[scheme])}"

    @cached_property
    def links(self) -> Links:
        """Addresses of pages on this site."""
        prefix = self.environ.get("SCRIPT_NAME", "").rstrip("/")
        return Links(prefix, self.application.settings.canonical_url or f"{self.origin}{prefix}")

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query string. Of repeated names the last counts; bytes that are no UTF-8 are kept as surrogates."""
        return _parse(self.environ.get("QUERY_STRING", ""), "surrogateescape")

    def query_bytes(self, name: str) -> bytes | None:
        """A value of the query as it was sent, such as the name of a ref; None where there is none."""
        value = self.query.get(name, "")
        return value.encode("utf-8", "surrogateescape") if value else None

    def query_text(self, name: str) -> str:
        """A value of the query as text that can be shown and looked up; empty where there is none."""
        value = self.query.get(name, "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return value.replace("\0", "").strip()[:_LONGEST_TEXT]

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of a posted form. Raises BadRequestError for other contents and for too much of them.

        Forms with files are read for members only, on pages that take them.
        """
        if self.is_multipart and self.place.rule.upload:
            return self._read_multipart() if self.visitor.signed_in else {}
        if self._form_kind != "application/x-www-form-urlencoded":
            raise BadRequestError(_("A form must be sent as application/x-www-form-urlencoded."))
        return _parse(self._read_body().decode("ascii", "replace"), "replace")

    def read_texts(self) -> Mapping[str, str]:
        """The fields of text of a posted form, whoever sent it; empty where it is long, or none that can be read."""
        if self._body_read:
            return self.form if "form" in self.__dict__ else {}
        try:
            if not self.is_multipart:
                return self.form
            if int(self._content_length or 0) > TEXT_LIMIT:
                return {}
            return self._read_multipart()
        except (BadRequestError, ValueError):
            return {}
        finally:
            self.close_uploads()

    @property
    def is_multipart(self) -> bool:
        """Whether a form was sent as forms with files are."""
        return self._form_kind == "multipart/form-data"

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files of a posted form, which exist until the request is answered."""
        return self._multipart.uploads if self.form and self._multipart is not None else ()

    def close_uploads(self) -> None:
        """Free what a form with files holds."""
        if self._multipart is not None:
            self._multipart.close()

    def page_number(self, name: str = "page") -> int:
        """A page number of the query, from 1; 1 for what is none. No list has as many pages as the largest one."""
        text = self.query.get(name, "")
        if not text.isdecimal():
            return 1
        return max(1, int(text)) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS

    @property
    def _host(self) -> str:
        return self.environ.get("HTTP_HOST") or str(self.environ.get("SERVER_NAME", ""))

    @property
    def _form_kind(self) -> str:
        kind: str = self.environ.get("CONTENT_TYPE", "")
        return kind.partition(";")[0].strip().lower()

    @property
    def _content_length(self) -> str:
        return self.environ.get("CONTENT_LENGTH") or ""

    def _read_multipart(self) -> Mapping[str, str]:
        length = self._content_length
        self._body_read = True
        is_terminated = not length and self.environ.get("wsgi.input_terminated")
        try:
            self._multipart = read_multipart(
                self.environ["wsgi.input"],
                None if is_terminated else int(length) if length.isdecimal() else 0,
                self.environ["CONTENT_TYPE"],
            )
        except MultipartError as problem:
            raise BadRequestError(message_of(problem)) from problem
        return self._multipart.fields

    def _read_body(self) -> bytes:
        length = self._content_length
        self._body_read = True
        if length.isdecimal() and int(length) <= FORM_LIMIT:
            body: bytes = self.environ["wsgi.input"].read(int(length))
        elif not length and self.environ.get("wsgi.input_terminated"):
            body = self.environ["wsgi.input"].read(FORM_LIMIT + 1)
        elif not length:
            body = b""
        else:
            raise BadRequestError(_("The form is too long."))
        if len(body) > FORM_LIMIT:
            raise BadRequestError(_("The form is too long."))
        return body


def _parse(text: str, errors: str) -> dict[str, str]:
    try:
        fields = parse_qsl(text, keep_blank_values=True, errors=errors, max_num_fields=_MOST_FIELDS)
    except ValueError as problem:
        raise BadRequestError(_("The request has too many fields.")) from problem
    return dict(fields)
