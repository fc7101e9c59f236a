"""Static files at the root of the application, where the web server in front has not served them itself.

The name of each holds the hash of its content, so whoever has it needs to ask for nothing again. A web server in front
has the files of the installed version; this process those of its own, which may be the one before or the next.
"""

import gzip
import mimetypes
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kallithea.services.traffic import find_watched
from kallithea.web.headers import CONTENT_HEADERS
from kallithea.web.variants import compressed_tag, names_tag, takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PUBLIC = pathlib.Path(__file__).resolve().parents[1] / "public"

# What the build of the front end puts into names.
_HASH = re.compile(r"-[0-9a-f]{12}(?=\.[a-z]+$)")
#: What is said of a content that always has the same address.
FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """Serves the files of ``public``; everything else goes to the application behind.

    ``paths`` are those of the files by their names. Under a name alone, or with the hash of another version, the file
    is sent as it is in this version, and not to be used again unasked: pages of two versions come side by side while a
    site is upgraded.
    """

    def __init__(self, application: "WSGIApplication", paths: Mapping[str, str], public: pathlib.Path = PUBLIC) -> None:
        self._application = application
        self._paths = paths
        # All are read now, one and a half megabytes: later, those of another version may lie there.
        self._files = {path: (public / path).read_bytes() for path in paths.values()}
        self._compressed: dict[str, bytes] = {}

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request; only paths that were there at the start are files."""
        asked = environ.get("PATH_INFO", "").removeprefix("/")
        path = asked if asked in self._files else self._paths.get(_HASH.sub("", asked))
        if path is None:
            return self._application(environ, start_response)
        find_watched(environ).kind = "static"
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            refusal = [("Allow", "GET, HEAD"), ("Content-Length", "0"), *CONTENT_HEADERS.items()]
            start_response("405 Method Not Allowed", refusal)
            return []
        return self._send(path, FOR_EVER if path == asked else "public, no-cache", environ, start_response)

    def _send(
        self, path: str, keeping: str, environ: dict[str, Any], start_response: "StartResponse"
    ) -> Iterable[bytes]:
        kind, is_text = _kind_of(path)
        packed = is_text and takes_gzip(environ)
        tag = f'"{path}"'
        headers = [
            ("Cache-Control", keeping),
            ("ETag", compressed_tag(tag) if packed else tag),
            *CONTENT_HEADERS.items(),
        ]
        if is_text:
            headers.append(("Vary", "Accept-Encoding"))
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
