"""Nothing grows with the number of pages that were read."""

import collections
import gc
import pathlib
import threading

import pytest

from kallithea.core.access import Level
from kallithea.services.settling import settle
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder, Submodule
from tests.web.site import Browser, Site, get, links

READS = 100


def build(builder: RepositoryBuilder) -> None:
    """A history with something for every page."""
    first = builder.commit({b"README.md": b"# Title\n", b"src/a.c": b"int a;\n" * 50, b"image.png": b"\x89PNG\0"})
    second = builder.commit({b"src/a.c": b"int b;\n" * 50, b"sub": Submodule(first)}, parents=(first,))
    third = builder.commit({b"src/b.c": b"int c;\n"}, parents=(first,), branch=b"side")
    builder.commit({b"src/b.c": b"int c;\n"}, parents=(second, third))
    builder.tag(b"v1", first)


def addresses(browser: Browser) -> list[str]:
    """Every page, raw file and feed of the repository that a visitor can reach by links."""
    waiting, found = ["/r"], dict[str, None]()
    while waiting and len(found) < READS:
        address = waiting.pop(0)
        if address not in found and address.startswith("/r"):
            found[address] = None
            answer = get(browser, address)
            if answer.content_type == "text/html":
                waiting += links(answer)
    return list(found)


def children() -> list[str]:
    tasks = pathlib.Path("/proc/self/task").glob("*/children")
    return " ".join(task.read_text() for task in tasks).split()


def open_files() -> int:
    return len(list(pathlib.Path("/proc/self/fd").iterdir()))


def kinds_of_objects() -> collections.Counter[str]:
    # what is freed may be the last to hold something else
    for _ in range(4):
        gc.collect()
    kinds = collections.Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    # a connection of sqlite3 forgets its ended cursors two hundred at a time
    del kinds["weakref.ReferenceType"]
    # an abstract class remembers anew what its instances are when another one gets a member
    del kinds["builtins.builtin_function_or_method"]
    return kinds


@pytest.mark.parametrize("kind", Kind)
def test_reading_pages_leaves_nothing_behind(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    build(site.repository("r", kind))
    with reading(site.application) as services:
        repository_id = services.repositories.get("r").repository_id
    # else a thread would do so now and then, and have objects of its own meanwhile
    settle(site.application, repository_id)
    browser = site.browser()
    reads = addresses(browser)
    assert len(reads) > 15
    for address in reads:
        get(browser, address)
    objects, files = kinds_of_objects(), open_files()
    threads, processes = threading.active_count(), len(children())

    for number in range(READS):
        get(browser, reads[number % len(reads)])

    grown = {name: count for name, count in (kinds_of_objects() - objects).items() if count >= READS // 3}
    assert grown == {}
    assert open_files() <= files
    assert threading.active_count() <= threads
    assert len(children()) <= processes
