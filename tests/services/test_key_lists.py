"""Statements with lists of fixed lengths find what those with lists of any length do."""

import pytest

from kallithea.core.access import Level
from kallithea.model.grant import GRANTS_ON, SITE, group_key
from kallithea.model.key_lists import with_fixed_lists
from kallithea.model.location import LOCATIONS, at_paths
from kallithea.services.application import Application
from kallithea.services.work import reading
from tests.factories.people import Factory

GROUPS = ["a", "a/b", "a/b/c", "a/b/c/d", "a/b/c/d/e"]


@pytest.fixture
def user_id(every_application: Application) -> int:
    """Somebody who may read each of five groups within each other."""
    people = Factory(every_application)
    ada = people.user("ada")
    for path in GROUPS:
        people.grant(ada, Level.READ, on=people.group(path))
    return ada.user_id


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 70])
@pytest.mark.usefixtures("user_id")
def test_paths(every_application: Application, count: int) -> None:
    paths = ["a", "a/b", "a/b/c/d", "none", "a/b/c", *["none"] * 65][:count]
    with reading(every_application) as services:
        statement, values = with_fixed_lists(LOCATIONS, at_paths(paths))
        found = services.session.scalars(statement, values).all()
        assert sorted(found) == sorted(services.session.scalars(LOCATIONS, at_paths(paths)))
        assert set(found) == {path for path in paths if path != "none"}


def test_an_empty_list_finds_nothing(every_application: Application, user_id: int) -> None:
    with reading(every_application) as services:
        for subjects, targets in (([], [SITE]), ([f"user:{user_id}"], [])):
            lists = {"subject_keys": subjects, "target_keys": targets}
            assert services.session.execute(*with_fixed_lists(GRANTS_ON, lists)).all() == []


@pytest.mark.parametrize(("subjects", "targets"), [(0, 1), (1, 3), (3, 0), (3, 5), (80, 2)])
def test_two_lists(every_application: Application, user_id: int, subjects: int, targets: int) -> None:
    with reading(every_application) as services:
        groups = [services.repository_groups.get(path) for path in GROUPS[:targets]]
        lists = {
            "subject_keys": [f"user:{user_id + number}" for number in range(subjects)],
            "target_keys": [SITE, *[group_key(group.repository_group_id) for group in groups]],
        }
        found = services.session.execute(*with_fixed_lists(GRANTS_ON, lists)).all()
        assert sorted(found) == sorted(services.session.execute(GRANTS_ON, lists))
        assert len(found) == (targets if subjects else 0)


def test_lists_of_similar_lengths_are_one_statement() -> None:
    statements = {id(with_fixed_lists(LOCATIONS, at_paths(["a"] * count))[0]) for count in (5, 6, 7, 8)}
    assert len(statements) == 1
    assert with_fixed_lists(LOCATIONS, at_paths(["a"] * 65)) == (LOCATIONS, at_paths(["a"] * 65))
