"""Static files at the root of the application, for sites whose web server does not serve them itself."""

import mimetypes
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from kallithea.web.headers import CONTENT_HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PUBLIC = pathlib.Path(__file__).resolve().parents[1] / "public"

_FOLDERS = ("/css/", "/js/", "/images/", "/icons/", "/codemirror/")
# Parts of the editor, which name each other without a version: another content has another name.
_NAMED_BY_HASH = re.compile(r"/codemirror/[a-z-]+-[0-9A-Z]{8}\.js")
_FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """Serves the files of ``public``; everything else goes to the application behind."""

    def __init__(
        self, application: "WSGIApplication", versions: Mapping[str, str], public: pathlib.Path = PUBLIC
    ) -> None:
        self._application = application
        self._versions = versions
        self._files = {
            f"/{path.relative_to(public).as_posix()}": path for path in public.glob("*/**/*") if path.is_file()
        }

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request; only paths that were there at the start are files."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_FOLDERS) or path not in self._files:
            return self._application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            refusal = [("Allow", "GET, HEAD"), ("Content-Length", "0"), *CONTENT_HEADERS.items()]
            start_response("405 Method Not Allowed", refusal)
            return []
        return self._send(path, environ, start_response)

    def _send(self, path: str, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        version = self._versions.get(path.removeprefix("/"), "")
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("v")
        for_ever = (version and asked == [version]) or _NAMED_BY_HASH.fullmatch(path)
        headers = [
            ("Cache-Control", _FOR_EVER if for_ever else "public, no-cache"),
            *CONTENT_HEADERS.items(),
        ]
        if version:
            headers.append(("ETag", f'"{version}"'))
            if environ.get("HTTP_IF_NONE_MATCH") in (f'"{version}"', "*"):
                start_response("304 Not Modified", headers)
                return []
        data = self._files[path].read_bytes()
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        text = "; charset=utf-8" if kind.startswith("text/") else ""
        start_response("200 OK", [*headers, ("Content-Type", kind + text), ("Content-Length", str(len(data)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [data]
