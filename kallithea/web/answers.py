"""Answers that are not made from a template."""

from typing import Any

from pyramid.response import Response as PyramidResponse


class Response(PyramidResponse):  # type: ignore[misc]  # Pyramid has no types
    """An answer. A Location is sent as written: a path is enough for browsers, and no Host header gets into it."""

    def _abs_headerlist(self, environ: dict[str, Any]) -> list[tuple[str, str]]:
        return list(self.headerlist)


def redirect(address: str) -> Response:
    """See another page. ``address`` was made by ``Links``."""
    return Response(status=303, headerlist=[("Location", address), ("Content-Length", "0")])


def plain(text: str, status: int = 200) -> Response:
    """A short text."""
    return Response(text.encode(), status=status, content_type="text/plain", charset="utf-8")
