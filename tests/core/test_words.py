import gettext
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from kallithea.core.words import ENGLISH, Catalog, Text, _, _n, number, pack, pack_within, unpack

VALUES = st.one_of(st.integers(), st.text(), st.floats(allow_nan=False, allow_infinity=False))


class Shouting(gettext.NullTranslations):
    """A language that is English in capitals, with a comma in numbers."""

    def gettext(self, message: str) -> str:
        return {"0.1": "0,1", "%(name)s is here": "HERE IS %(name)s", "100%": "100 %"}.get(message, message.upper())

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return "NO %(what)s" if number == 0 else "%(count)s %(what)s"


def test_as_a_string_it_is_english() -> None:
    assert _("%(name)s is here", name="tip") == "tip is here"


@pytest.mark.parametrize(("count", "words"), [(0, "0 files"), (1, "1 file"), (5531, "5\u202f531 files")])
def test_number_of_things_has_its_form(count: int, words: str) -> None:
    assert _n("%(count)s file", "%(count)s files", count) == words


def test_it_is_said_in_the_language_of_a_catalog() -> None:
    assert _("%(name)s is here", name="tip").say(Shouting()) == "HERE IS tip"


def test_language_has_plural_forms_of_its_own() -> None:
    assert _n("%(count)s of %(what)s", "%(count)s of %(what)s", 0, what="x").say(Shouting()) == "NO x"


def test_values_that_are_texts_are_said_as_well() -> None:
    assert _("%(name)s is here", name=_("somebody")).say(Shouting()) == "HERE IS SOMEBODY"


def test_fractions_have_the_sign_of_the_language() -> None:
    text = _("%(number)s MiB", number=11.42)
    assert (str(text), _("%(name)s is here", name=11.42).say(Shouting())) == ("11.4 MiB", "HERE IS 11,4")


def test_percent_sign_in_a_text_without_values_is_only_that() -> None:
    assert (str(_("100%")), _("100%").say(Shouting())) == ("100%", "100 %")


@pytest.mark.parametrize("wrong", ["%(nobody)s", "%", "%(name)d", "%s %s"])
def test_what_a_catalog_says_wrongly_is_said_in_english(wrong: str) -> None:
    class Wrong(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return wrong

    assert _("%(name)s is here", name="tip").say(Wrong()) == "tip is here"
    assert _("%(name)s is here", name="<i>").html(Wrong(), escape) == "&lt;i&gt; is here"


def test_in_html_sentence_and_values_are_escaped_and_html_stays() -> None:
    text = _("<%(name)s> & %(link)s", name="<i>", link=Markup("<a>tip</a>"))
    assert text.html(ENGLISH, escape) == "&lt;&lt;i&gt;&gt; &amp; <a>tip</a>"


@given(st.dictionaries(st.sampled_from("abc"), VALUES, min_size=3), st.integers(0, 10**9))
def test_stored_and_read_again_it_says_the_same(values: dict[str, object], count: int) -> None:
    text = _n("%(a)s and %(b)s of %(c)s", "%(count)s: %(a)s %(b)s %(c)s", count, **values)
    read = unpack(pack(text))
    assert isinstance(read, Text)
    assert (read, read.say(Shouting())) == (text, text.say(Shouting())) if _has_no_fraction(values) else read == text


def _has_no_fraction(values: dict[str, object]) -> bool:
    return all(type(value) is not float for value in values.values())


@pytest.mark.parametrize("plain", ["", "words", "{", '{"text": [', '{"text": [1]}', '{"text": ["%(a)s", {}, null, 1]}'])
def test_what_was_stored_as_plain_words_is_read_as_such(plain: str) -> None:
    assert unpack(pack(plain)) == plain


@pytest.mark.parametrize("plain", ["", "words", "{", '{"text": [', '{"text": [1]}', '{"text": {}}'])
def test_what_never_was_packed_is_read_as_it_is(plain: str) -> None:
    assert unpack(plain) == plain


def test_value_that_looks_like_a_packed_text_stays_what_it_is() -> None:
    evil = pack(_("%(a)s", a="tip"))
    assert unpack(pack(_("%(name)s is here", name=evil))) == f"{evil} is here"


@pytest.mark.parametrize("name", ["tip", "é" * 30])
def test_packed_text_that_is_too_long_is_cut_in_english(name: str) -> None:
    text = _("%(name)s is here", name=name)
    packed = pack(text)
    assert pack_within(text, len(packed)) == packed
    assert pack_within(text, len(packed) - 1) == text[: len(packed) - 1]


def test_words_that_look_like_a_packed_text_are_cut_to_something_that_does_not() -> None:
    evil = pack(_("tip"))
    cut = pack_within(f"{evil} and more", len(evil))
    assert (len(cut), type(unpack(cut))) == (len(evil), str)


def test_text_can_be_pickled() -> None:
    text = pickle.loads(pickle.dumps(_n("%(count)s file", "%(count)s files", 2)))
    assert (type(text), text) == (Text, "2 files")


def test_catalogs_of_the_library_are_catalogs() -> None:
    catalog: Catalog = gettext.NullTranslations()
    assert _("tip").say(catalog) == "tip"


@given(st.integers())
def test_groups_of_digits_are_the_same_number(value: int) -> None:
    assert int(number(value).replace("\u202f", "")) == value


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (_("a name must not be empty"), False),
        (_("%(path)s: there is no such file", path="a"), True),
        (_("%(problem)s.", problem=_("a name must not be empty")), False),
        (_("%(problem)s.", problem=_("%(path)s is a file", path="a")), True),
        (_n("%(count)s file", "%(count)s files", 2), True),
    ],
)
def test_what_begins_with_a_value(text: Text, begins: bool) -> None:
    assert text.begins_with_value(ENGLISH) is begins
