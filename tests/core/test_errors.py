"""Errors carry what the ways in need for their words."""

from kallithea.core.errors import InvalidError, ThrottledError


def test_invalid_names_every_field() -> None:
    problem = InvalidError({"name": "is empty", "kind": "write git or hg"})
    assert str(problem) == "name: is empty; kind: write git or hg"
    assert problem.problems == {"name": "is empty", "kind": "write git or hg"}


def test_throttled_says_when_to_try_again() -> None:
    assert ThrottledError("Wait.", 7).retry_after == 7
