"""The outermost layer of the site: each request gets a name, is counted, and is told of where it takes long."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from kallithea.core.meter import METER, Meter
from kallithea.core.request_id import REQUEST_ID, name_request
from kallithea.services.application import Application
from kallithea.services.traffic import WATCHED, Watched, count_request, tell_slow

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


_FILE_WRAPPER = "wsgi.file_wrapper"


class Site(Protocol):
    """What is watched."""

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        ...

    def find_network(self, environ: Mapping[str, Any]) -> str:
        """The network that a request comes from."""
        ...


class Watch:
    """A WSGI application that hands everything on."""

    def __init__(self, application: Application, site: Site) -> None:
        self._application = application
        self._site = site

    def find_network(self, environ: Mapping[str, Any]) -> str:
        """The network that a request comes from, for a server that does not want to serve one alone."""
        return self._site.find_network(environ)

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        settings = self._application.settings
        name = name_request(environ, settings)
        REQUEST_ID.set(name)
        watched = environ[WATCHED] = Watched(Meter())
        METER.set(watched.meter)

        def start(status: str, headers: list[tuple[str, str]], *problem: Any) -> Any:
            watched.status = int(status[:3])
            watched.sent = _length_of(headers)
            return start_response(status, [*headers, ("X-Request-ID", name)], *problem)

        def end() -> None:
            count_request(self._application.tallies, watched)
            path = str(environ.get("PATH_INFO", ""))
            tell_slow(watched, str(environ.get("REQUEST_METHOD", "")), path, settings.slow_request_seconds)

        files: list[object] = []
        with _noting_files(environ, files):
            body = self._site(environ, start)
        if isinstance(body, tuple | list):
            watched.sent = sum(map(len, body))
        elif not any(file is body for file in files):
            return _Body(body, watched, end)
        end()
        return body


def _length_of(headers: Iterable[tuple[str, str]]) -> int:
    """What the server is told of a body that it sends itself."""
    return next((int(value) for name, value in headers if name.lower() == "content-length"), 0)


@contextlib.contextmanager
def _noting_files(environ: dict[str, Any], files: list[object]) -> Iterator[None]:
    """Note what is given to the server as a file.

    A server sends a file by the kernel only if it gets what its own wrapper has made, and tells nobody when it has:
    such an answer ends when it begins.
    """
    wrapper = environ.get(_FILE_WRAPPER)
    if wrapper is None:
        yield
        return

    def note(*arguments: Any) -> Any:
        files.append(wrapper(*arguments))
        return files[-1]

    environ[_FILE_WRAPPER] = note
    try:
        yield
    finally:
        # the server looks at it again
        environ[_FILE_WRAPPER] = wrapper


class _Body:
    """Counts what is sent."""

    def __init__(self, body: Iterable[bytes], watched: Watched, end: Callable[[], None]) -> None:
        self._body = body
        self._watched = watched
        watched.sent = 0
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            self._watched.sent += len(piece)
            yield piece

    def close(self) -> None:
        """Free what the body holds; the request has ended."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._end()
