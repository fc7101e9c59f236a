"""The layer around everything: names of requests, sums, and what is told of slow ones."""

import io
import logging
import pathlib
from collections.abc import Iterable
from typing import Any

import pytest

from kallithea.core.request_id import REQUEST_ID
from kallithea.services.work import open_application
from kallithea.transport.watching import Watch
from tests.applications import settings_for

PROXY = {"REMOTE_ADDR": "10.0.0.1"}


class Site:
    """Answers with one body, and remembers what the request was called meanwhile."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self.body = body
        self.name = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.name = REQUEST_ID.get()
        start_response("200 OK", [("Content-Length", "5")])
        return self.body

    def find_network(self, environ: Any) -> str:
        return ""


def watched(folder: pathlib.Path, site: Site, **settings: str) -> Watch:
    return Watch(open_application(settings_for("sqlite://", folder, **settings)), site)


def ask(watch: Watch, **environ: Any) -> tuple[dict[str, str], bytes]:
    told: list[Any] = []

    def start_response(*response: Any) -> Any:
        told.append(response)

    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/r", "QUERY_STRING": "token=secret", **environ}
    body = watch(asked, start_response)
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return dict(told[0][1]), content


def _begin(*_response: Any) -> Any:
    """Takes status and headers."""


@pytest.fixture
def site() -> Site:
    return Site([b"12", b"345"])


def test_each_request_has_a_name_of_its_own_that_the_answer_tells(tmp_path: pathlib.Path, site: Site) -> None:
    watch = watched(tmp_path, site)
    first, second = ask(watch)[0]["X-Request-ID"], ask(watch)[0]["X-Request-ID"]
    assert first != second == site.name


@pytest.mark.parametrize(
    ("peer", "name", "kept"),
    [
        ("10.0.0.1", "abcdef-12.34_5", True),
        ("192.0.2.1", "abcdef-12.34_5", False),
        ("10.0.0.1", "short", False),
        ("10.0.0.1", "a" * 65, False),
        ("10.0.0.1", "abcdefgh\nforged line", False),
    ],
)
def test_a_name_is_taken_from_a_trusted_proxy_alone(
    tmp_path: pathlib.Path, site: Site, peer: str, name: str, kept: bool
) -> None:
    watch = watched(tmp_path, site, trusted_proxies="10.0.0.0/8")
    headers, _ = ask(watch, REMOTE_ADDR=peer, HTTP_X_REQUEST_ID=name)
    assert (headers["X-Request-ID"] == name) is kept


@pytest.mark.parametrize("body", ["pieces", "generator"])
def test_answers_are_counted_once_with_their_bytes(tmp_path: pathlib.Path, body: str) -> None:
    bodies = {"pieces": [b"12", b"345"], "generator": (piece for piece in (b"12", b"345"))}
    watch = watched(tmp_path, Site(bodies[body]))
    assert ask(watch)[1] == b"12345"
    sums = watch._application.tallies.read()
    assert (sums["requests|page|200"], sums["bytes|page"]) == (1, 5)


def test_a_file_is_given_to_the_server_as_its_own_wrapper_has_made_it(tmp_path: pathlib.Path) -> None:
    """Some servers' wrappers are no classes, and what they make can neither be changed nor read."""
    made = object()

    class FileSite(Site):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            super().__call__(environ, start_response)
            file: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(b"12345"), 1024)
            return file

    def wrapper(_file: io.BytesIO, _size: int) -> object:
        return made

    watch = watched(tmp_path, FileSite(()))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/r", "wsgi.file_wrapper": wrapper}
    assert watch(environ, _begin) is made
    assert environ["wsgi.file_wrapper"] is wrapper
    assert watch._application.tallies.read()["bytes|page"] == 5


def test_a_slow_request_is_told_without_its_query(
    tmp_path: pathlib.Path, site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watched(tmp_path, site, slow_request_seconds="1")
    monkeypatch.setattr("kallithea.core.meter.Meter.seconds", 1.5)
    with caplog.at_level(logging.WARNING):
        ask(watch)
    assert "slow: GET /r (page) took 1.5 s: 0 statements" in caplog.text
    assert "secret" not in caplog.text
