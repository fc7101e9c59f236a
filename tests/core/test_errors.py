"""Errors carry what the ways in need for their words."""

import gettext

from kallithea.core.errors import InvalidError, NotFoundError, ThrottledError, message_of
from kallithea.core.words import Text, _


class _German(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return {"There is no such user.": "Diesen Benutzer gibt es nicht.", "is empty": "ist leer"}.get(
            message, message
        )


def test_invalid_names_every_field() -> None:
    problem = InvalidError({"name": "is empty", "kind": "write git or hg"})
    assert str(problem) == "name: is empty; kind: write git or hg"
    assert problem.problems == {"name": "is empty", "kind": "write git or hg"}


def test_throttled_says_when_to_try_again() -> None:
    assert ThrottledError("Wait.", 7).retry_after == 7


def test_the_message_of_a_problem_is_the_text_that_it_was_given() -> None:
    message = message_of(NotFoundError(_("There is no such user.")))

    assert isinstance(message, Text)
    assert message.say(_German()) == "Diesen Benutzer gibt es nicht."


def test_the_message_of_any_problem_is_what_it_says_as_a_string() -> None:
    assert message_of(OSError(28, "No space left on device")) == "[Errno 28] No space left on device"
    assert message_of(ValueError()) == ""


def test_problems_of_fields_are_told_in_another_language_too() -> None:
    message = message_of(InvalidError({"100%": _("is empty"), "kind": "write git or hg"}))

    assert isinstance(message, Text)
    assert message == "100%: is empty; kind: write git or hg"
    assert message.say(_German()) == "100%: ist leer; kind: write git or hg"
