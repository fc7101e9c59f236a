"""Every catalog says every text of the sources, with the same values in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kallithea.i18n.languages import FOLDER, Languages

PACKAGE = FOLDER.parent
LANGUAGES = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/kallithea.po"))
VALUE = re.compile(r"%\(\w+\)[a-z]")
LITERAL = re.compile(r"""\b_n?\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
KEYWORDS = {"_": None, "_n": (1, 2)}
METHODS = [("front_end/**", "ignore"), ("**.py", "python"), ("**.mako", "mako")]


@pytest.fixture(scope="module")
def messages() -> set[str | tuple[str, ...]]:
    """The messages of the sources; those with a plural are pairs."""
    found = extract_from_dir(
        PACKAGE, METHODS, {"**.mako": {"input_encoding": "utf-8"}}, keywords=KEYWORDS, directory_filter=_is_source
    )
    return {message for _file, _line, message, _comments, _context in found}


def _is_source(folder: str) -> bool:
    return Path(folder).name not in ("node_modules", "public")


def test_every_message_of_a_template_is_found(messages: set[str | tuple[str, ...]]) -> None:
    """Babel does not look into the values of a message, nor into the arguments of an include."""
    known = {message if isinstance(message, str) else message[0] for message in messages}
    written = {
        (path.name, ast.literal_eval(literal))
        for path in PACKAGE.glob("web/**/*.mako")
        for literal in LITERAL.findall(path.read_text(encoding="utf-8"))
    }
    assert written
    assert {(name, message) for name, message in written if message not in known} == set()


def read_catalog(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES/kallithea.po").open("rb") as file:
        return read_po(file, locale=language)


def told(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def test_german_and_french_are_there() -> None:
    assert {"de", "fr"} <= set(LANGUAGES)
    assert set(Languages().tags) == {"en", *(language.replace("_", "-") for language in LANGUAGES)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str, messages: set[str | tuple[str, ...]]) -> None:
    catalog = read_catalog(language)
    known = {message.id: message for message in told(catalog) if not message.fuzzy}
    missing = [one for one in messages if one not in known or not all(_forms(known[one]))]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalog_has_texts_that_are_no_more(language: str, messages: set[str | tuple[str, ...]]) -> None:
    assert [message.id for message in told(read_catalog(language)) if message.id not in messages] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_has_the_values_of_its_text(language: str) -> None:
    wrong = [message.id for message in told(read_catalog(language)) if not _has_its_values(message)]
    assert wrong == []


def _has_its_values(message: Message) -> bool:
    # The form for one thing may leave out how many there are.
    wanted = set(VALUE.findall(message.id if isinstance(message.id, str) else message.id[-1]))
    needed = wanted - ({"%(count)s"} if message.pluralizable else set())
    return all(needed <= set(VALUE.findall(form)) <= wanted for form in _forms(message))


def _forms(message: Message) -> tuple[str, ...]:
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return tuple(form or "" for form in forms)
