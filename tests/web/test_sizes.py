"""What a browser loads at its first visit, compressed."""

import gzip
import re
from collections.abc import Iterator

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.static import PUBLIC
from tests.web.site import Site, get

_IMPORT = re.compile(r"""(?:from|import)\s*"\./([\w-]+\.js)\"""")


@pytest.mark.parametrize(
    ("page", "most"),
    [("", 70_000), ("files/tip/README", 70_000), ("changeset/tip", 70_000), ("edit/tip/README", 150_000)],
)
def test_first_visit(site: Site, page: str, most: int) -> None:
    """The page with its style sheet, its icons and its scripts, and what these import at once."""
    site.user("ada")
    site.repository("r", Kind.GIT).commit({b"README": b"Hello\n"})
    site.grant("ada", Level.WRITE, "r")
    answer = get(site.browser("ada"), f"/r/{page}".rstrip("/"))
    assert answer.status_int == 200
    files = {file for address in find_files(answer.text) for file in with_imports(address)}
    assert packed(answer.body) + sum(packed((PUBLIC / file).read_bytes()) for file in files) <= most


def find_files(html: str) -> set[str]:
    """Static files of a page, by their paths in ``public``."""
    return set(re.findall(r'(?:src|href)="/((?:js|css|icons|images|codemirror)/[^"?#]+)', html))


def with_imports(file: str) -> Iterator[str]:
    yield file
    if file.startswith("codemirror/"):
        for name in _IMPORT.findall((PUBLIC / file).read_text(encoding="utf-8")):
            yield from with_imports(f"codemirror/{name}")


def packed(data: bytes) -> int:
    return len(gzip.compress(data, 9))
