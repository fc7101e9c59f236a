"""In which language and time zone a page is."""

import dataclasses
import datetime
import gettext
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from markupsafe import Markup

from kallithea.core.settings import SettingsError
from kallithea.core.words import _
from kallithea.i18n.languages import Language, Languages
from kallithea.services.application import Application
from kallithea.web.app import make_pages, open_languages
from kallithea.web.reader import Reader, choose_language, find_zone, size
from tests.web.site import Site, form_of, get

NOW = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
READER = Reader(Language("en", "English", gettext.NullTranslations()), datetime.UTC, NOW)


@pytest.mark.parametrize(
    ("before", "long", "short"),
    [
        ({"seconds": 59}, "just now", "now"),
        ({"seconds": -5}, "just now", "now"),
        ({"minutes": 1}, "1 minute ago", "1 min"),
        ({"days": 13}, "1 week ago", "1 wk"),
        ({"days": 800}, "2 years ago", "2 y"),
    ],
)
def test_age_is_said_in_words(before: dict[str, int], long: str, short: str) -> None:
    when = NOW - datetime.timedelta(**before)
    assert [Markup(age).striptags() for age in (READER.ago(when), READER.ago_short(when))] == [long, short]


def test_exact_time_is_in_the_zone_of_the_reader() -> None:
    reader = Reader(READER.language, find_zone("Europe/Paris"), NOW)
    assert 'title="2026-11-26 13:00 CET"' in reader.ago(NOW)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1\u202f023 bytes"),
        (1024, "1.0 KiB"),
        (1024**2 - 1, "1024.0 KiB"),
        (1024**2, "1.0 MiB"),
        (5 * 1024**3 // 4, "1.2 GiB"),
        (3 * 1024**5, "3072.0 TiB"),
    ],
)
def test_size_is_the_same_in_texts_and_in_columns(count: int, words: str) -> None:
    assert [size(count), READER.size(count)] == [words, words]


@pytest.mark.parametrize("length", [0, 1, 120, 121, 5000])
def test_what_is_shown_is_escaped_however_long_it_is(length: int) -> None:
    for _time in range(2):
        shown = READER.html("<&\"'>" + "a" * length)
        assert (type(shown), shown) == (Markup, "&lt;&amp;&#34;&#39;&gt;" + "a" * length)


def test_size_is_in_the_language_of_the_reader() -> None:
    reader = Reader(Languages().find("de") or READER.language, datetime.UTC, NOW)
    assert [READER.size(1536), reader.size(1536), READER.size(1536)] == ["1.5 KiB", "1,5 KiB", "1.5 KiB"]


class _CountingCatalog(gettext.NullTranslations):
    """Counts the messages that are said."""

    said = 0

    def gettext(self, message: str) -> str:
        self.said += 1
        return message


def test_columns_say_equal_things_once() -> None:
    """Folders have thousands of files, and most of them are as large and as old as many others."""
    catalog = _CountingCatalog()
    reader = Reader(Language("xx", "Counting", catalog), datetime.UTC, NOW)
    columns = [(reader.size(count), reader.ago_short(NOW)) for count in range(10_000, 10_030)]
    assert len(columns) == 30
    assert catalog.said < 10


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "\0", "Europe", "x" * 5000])
def test_zone_that_is_none_is_utc(name: str) -> None:
    assert find_zone(name) is datetime.UTC


def test_first_zone_that_is_one_counts() -> None:
    assert str(find_zone("", "Asia%2FTokyo", "Europe/Paris")) == "Asia/Tokyo"


def test_values_of_texts_may_be_html() -> None:
    assert READER.html(_("by %(name)s", name=Markup("<b>x</b>"))) == Markup("by <b>x</b>")


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "en"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("da, en-GB;q=0.8", "en"),
        ("da", "en"),
        ("fr;q=0.5, de;q=0.4", "fr"),
        ("*", "en"),
        ("de;q=0", "en"),
        (";;;,,\x00 ü", "en"),
        ("x" * 10000, "en"),
    ],
)
def test_browser_gets_the_language_it_asks_for(accepted: str, tag: str) -> None:
    assert choose_language(Languages(), accepted, "en").tag == tag


def test_language_that_nobody_has_a_catalog_for_is_english() -> None:
    assert choose_language(Languages(), "da", "nn").tag == "en"


def test_dropped_in_catalog_is_a_language(tmp_path: Path) -> None:
    folder = tmp_path / "pt_BR/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = Path(gettext.__file__)  # no catalog: it is read when it is used
    (folder / "kallithea.mo").symlink_to(source)
    assert Languages(tmp_path).tags == ("en", "pt-BR")


@pytest.mark.parametrize(("own_name", "name"), [("Português", "Português"), ("", "pt-BR")])
def test_catalog_says_what_its_language_calls_itself(tmp_path: Path, own_name: str, name: str) -> None:
    catalog = Catalog(locale="pt_BR")
    catalog.add("English", own_name)
    folder = tmp_path / "pt_BR/LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "kallithea.mo").open("wb") as file:
        write_mo(file, catalog)
    assert [language.name for language in Languages(tmp_path).all] == ["English", name]


def test_catalog_that_changes_makes_other_pages(tmp_path: Path) -> None:
    folder = tmp_path / "pt_BR/LC_MESSAGES"
    folder.mkdir(parents=True)
    without = Languages(tmp_path).version
    (folder / "kallithea.mo").write_bytes(b"1")
    one = Languages(tmp_path).version
    (folder / "kallithea.mo").write_bytes(b"12")
    assert len({without, one, Languages(tmp_path).version}) == 3


@pytest.mark.parametrize("tag", ["de", "DE", "en"])
def test_language_of_the_ini_has_a_catalog(application: Application, tag: str) -> None:
    settings = dataclasses.replace(application.settings, language=tag)
    assert open_languages(settings).find(tag) is not None


@pytest.mark.parametrize("tag", ["tlh", "", "../de", "de-AT"])
def test_language_without_a_catalog_is_refused_in_the_ini(application: Application, tag: str) -> None:
    settings = dataclasses.replace(application.settings, language=tag)
    with pytest.raises(SettingsError, match=rf"^i18n.lang = {re.escape(tag)}: .* there are: en, .*\.$"):
        make_pages(dataclasses.replace(application, settings=settings), {})


def test_chosen_language_and_zone_are_those_of_the_pages(site: Site) -> None:
    site.user("ada")
    browser = site.browser("ada")
    form = form_of(get(browser, "/_admin/my_account/language"))
    form["language"], form["time_zone"] = "de", "Asia/Tokyo"
    answer = form.submit().follow()
    assert answer.html.html["lang"] == "de"
    assert re.search(r"\bJST\b", answer.text)
    assert get(browser, "/about", headers={"Accept-Language": "fr"}).html.html["lang"] == "de"


def test_nothing_chosen_is_what_the_browser_says(site: Site) -> None:
    site.user("ada")
    browser = site.browser("ada")
    browser.set_cookie("kallithea-zone", "Asia%2FTokyo")
    answer = get(browser, "/_admin/my_account/language", headers={"Accept-Language": "fr-CH, fr;q=0.9"})
    assert answer.html.html["lang"] == "fr"
    assert re.search(r"\bJST\b", answer.text)


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("language", "../de"), ("time_zone", "Mars/Base")])
def test_language_or_zone_that_is_not_there_is_refused(site: Site, field: str, value: str) -> None:
    site.user("ada")
    browser = site.browser("ada")
    answer = site.post(browser, "/_admin/my_account/language", {field: value})
    assert answer.status_int == 422
    assert answer.html.select(".k-error")


def test_visitors_choose_by_their_browser(site: Site) -> None:
    assert get(site.browser(), "/_admin/my_account/language").status_int == 303
    page = get(site.browser(), "/about", headers={"Accept-Language": "de"})
    assert page.html.html["lang"] == "de"
    assert "Accept-Language" in page.headers["Vary"]


def test_operator_may_switch_the_choice_off(application: Application) -> None:
    settings = dataclasses.replace(application.settings, choose_language=False, language="fr")
    site = Site(dataclasses.replace(application, settings=settings))
    assert get(site.browser(), "/about", headers={"Accept-Language": "de"}).html.html["lang"] == "fr"
