"""What a form saw of a record, and what has become of it."""

import pytest

from kallithea.core.record_marks import ChangedMeanwhileError, find_change, mark_of

SEEN = {"name": "ada", "admin": True}


def test_a_mark_stands_for_the_values_in_any_order() -> None:
    assert mark_of(SEEN) == mark_of(dict(reversed(SEEN.items())))
    assert mark_of(SEEN) != mark_of(SEEN | {"admin": False})


@pytest.mark.parametrize("was", [None, mark_of(SEEN)])
def test_what_differs_is_found(was: str | None) -> None:
    assert find_change(SEEN, SEEN | {"name": "eve"}, was) == ({"name": "ada"}, {"name": "eve"})
    assert find_change(SEEN, SEEN, was) == ({}, {})


def test_what_comes_and_goes_is_found() -> None:
    assert find_change({"a": 1}, {"b": 2}, None) == ({"a": 1, "b": None}, {"a": None, "b": 2})


@pytest.mark.parametrize("was", ["", mark_of(SEEN)])
def test_a_record_that_was_not_seen_stays(was: str) -> None:
    """Its value is told; who asks for what is stored anyway is told nothing."""
    now = SEEN | {"admin": False}
    with pytest.raises(ChangedMeanwhileError) as raised:
        find_change(now, SEEN | {"name": "eve"}, was)
    assert raised.value.stored == {"name": "ada", "admin": False}
    assert find_change(now, now, was) == ({}, {})
