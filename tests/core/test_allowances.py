"""Who may make what on the whole site: a table of cases."""

from collections.abc import Mapping

import pytest

from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind, Viewer
from kallithea.core.allowances import Allowance, find_givers, is_allowed

ADA = Subject(SubjectKind.USER, 1)
BOB = Subject(SubjectKind.USER, 2)
CREW = Subject(SubjectKind.USER_GROUP, 7)
MEMBER = Viewer(1, frozenset({ADA, CREW, SIGNED_IN, VISITORS}))
FORK, GROUPS = Allowance.FORK, Allowance.CREATE_USER_GROUPS


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({}, False),
        ({ADA: {FORK}}, True),
        ({CREW: {FORK}}, True),
        ({SIGNED_IN: {FORK}}, True),
        ({ADA: set(), CREW: {FORK}}, True),
        ({ADA: {GROUPS}, SIGNED_IN: {GROUPS}}, False),
        ({BOB: {FORK}}, False),
    ],
)
def test_what_one_subject_has_the_person_has(given: Mapping[Subject, set[Allowance]], allowed: bool) -> None:
    assert is_allowed(MEMBER, FORK, Level.NONE, given) is allowed


@pytest.mark.parametrize("allowance", Allowance)
def test_administrators_of_the_site_need_none(allowance: Allowance) -> None:
    assert is_allowed(Viewer(3, frozenset(), super_administrator=True), allowance, Level.ADMIN, {})


@pytest.mark.parametrize("allowance", Allowance)
def test_admin_on_the_whole_site_is_about_repositories(allowance: Allowance) -> None:
    assert is_allowed(MEMBER, allowance, Level.ADMIN, {}) is (allowance is not GROUPS)
    assert not is_allowed(MEMBER, allowance, Level.WRITE, {})


@pytest.mark.parametrize("limits", [{"ceiling": Level.WRITE}, {"only": frozenset({5})}])
def test_a_token_that_gives_less_makes_nothing(limits: dict[str, object]) -> None:
    given = {ADA: set(Allowance)}
    for super_administrator in (True, False):
        viewer = Viewer(1, MEMBER.subjects, super_administrator=super_administrator, **limits)  # type: ignore[arg-type]
        assert not is_allowed(viewer, FORK, Level.NONE, given)


def test_who_is_not_signed_in_makes_nothing() -> None:
    assert not is_allowed(Viewer(None, frozenset({VISITORS})), FORK, Level.NONE, {VISITORS: {FORK}})


def test_those_who_allow_it_have_an_order() -> None:
    given = {subject: {FORK} for subject in (ADA, CREW, SIGNED_IN, BOB)}
    assert find_givers(MEMBER, FORK, given) == (SIGNED_IN, ADA, CREW)
