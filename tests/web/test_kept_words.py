"""What is kept as HTML with words in it is kept for each language."""

import functools
import json

import pytest

from kallithea.core.access import Level
from kallithea.i18n.languages import Language, Languages
from kallithea.services.application import Application
from kallithea.vcs.types import Kind
from tests.web.site import Site, get

OUTPUT = {"output_type": "display_data", "data": {"image/png": "AAAA"}}
NOTEBOOK = {"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "1", "outputs": [OUTPUT]}]}


class _Marked:
    """A language in which every message stands in marks."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"«{singular if number == 1 else plural}»"


class _Languages(Languages):
    """English and that one."""

    tags = ("en", "xx")
    version = "1"

    @functools.cached_property
    def all(self) -> tuple[Language, ...]:
        return tuple(filter(None, map(self.find, self.tags)))

    def find(self, tag: str) -> Language | None:
        return Language("xx", "Marked", _Marked()) if tag == "xx" else super().find(tag)


@pytest.fixture
def site(application: Application, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr("kallithea.web.app.Languages", _Languages)
    return Site(application)


def read(site: Site, address: str, language: str) -> str:
    return str(get(site.browser(), address, headers={"Accept-Language": language}).text)


def test_a_notebook(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a.ipynb": json.dumps(NOTEBOOK).encode()})

    pages = [read(site, "/r/files/tip/a.ipynb", language) for language in ("en", "xx", "en", "xx")]

    assert ["«Not shown: image/png.»" in page for page in pages] == [False, True, False, True]
    assert ["Not shown: image/png." in page for page in pages] == [True] * 4


def test_the_note_of_a_table(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a.csv": b"1\n" * 1_002})

    pages = [read(site, "/r/files/tip/a.csv", language) for language in ("en", "xx", "en")]

    assert ["«Only the first 1\N{NARROW NO-BREAK SPACE}000 rows are shown.»" in page for page in pages] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("kind", Kind)
def test_a_diff(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", kind)
    builder.commit({b"a": b"1\n", b"b": b"\0"})
    commit_id = builder.commit({b"a": b"1", b"b": b"\0\0"})

    pages = [read(site, f"/r/changeset/{commit_id}", language) for language in ("en", "xx", "en", "xx")]

    for words in ("(no end of line)", "Viewed", "Binary files are not compared: ««1 byte» to «2 bytes»»."):
        assert [f"«{words}»" in page for page in pages] == [False, True, False, True], words
