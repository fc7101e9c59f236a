"""Static files at the root of the application, for sites whose web server does not serve them itself."""

import gzip
import mimetypes
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from kallithea.services.traffic import find_watched
from kallithea.web.headers import CONTENT_HEADERS
from kallithea.web.variants import compressed_tag, names_tag, takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PUBLIC = pathlib.Path(__file__).resolve().parents[1] / "public"

_FOLDERS = ("/css/", "/js/", "/images/", "/icons/", "/codemirror/")
# Parts of the editor, which name each other without a version: another content has another name.
_NAMED_BY_HASH = re.compile(r"/codemirror/[a-z-]+-[0-9A-Z]{8}\.js")
#: What is said of a content that always has the same address.
FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """Serves the files of ``public``; everything else goes to the application behind."""

    def __init__(
        self, application: "WSGIApplication", versions: Mapping[str, str], public: pathlib.Path = PUBLIC
    ) -> None:
        self._application = application
        self._versions = versions
        # All are read now, one and a half megabytes: what is installed later has other versions.
        self._files = {
            f"/{path.relative_to(public).as_posix()}": path.read_bytes()
            for path in public.glob("*/**/*")
            if path.is_file()
        }
        self._compressed: dict[str, bytes] = {}

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request; only paths that were there at the start are files."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_FOLDERS) or path not in self._files:
            return self._application(environ, start_response)
        find_watched(environ).kind = "static"
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            refusal = [("Allow", "GET, HEAD"), ("Content-Length", "0"), *CONTENT_HEADERS.items()]
            start_response("405 Method Not Allowed", refusal)
            return []
        return self._send(path, environ, start_response)

    def _send(self, path: str, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        version = self._versions.get(path.removeprefix("/"), "")
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("v")
        for_ever = (version and asked == [version]) or _NAMED_BY_HASH.fullmatch(path)
        kind, is_text = _kind_of(path)
        packed = is_text and takes_gzip(environ)
        headers = [("Cache-Control", FOR_EVER if for_ever else "public, no-cache"), *CONTENT_HEADERS.items()]
        if is_text:
            headers.append(("Vary", "Accept-Encoding"))
        if version:
            tag = f'"{version}"'
            headers.append(("ETag", compressed_tag(tag) if packed else tag))
            if names_tag(environ, tag):
                start_response("304 Not Modified", headers)
                return []
        data = self._compress(path) if packed else self._files[path]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", [*headers, ("Content-Type", kind), ("Content-Length", str(len(data)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [data]

    def _compress(self, path: str) -> bytes:
        """The file as gzip, made by each process once: all of them together take less than a MB."""
        if path not in self._compressed:
            self._compressed[path] = gzip.compress(self._files[path], mtime=0)
        return self._compressed[path]


def _kind_of(path: str) -> tuple[str, bool]:
    """The media type, and whether it is worth compressing."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "+xml"))
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, is_text
