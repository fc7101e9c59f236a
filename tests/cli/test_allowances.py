"""What people may make, said and changed on the command line."""

import pytest

from tests.cli.conftest import Kallithea, done, refused, rows


@pytest.fixture
def crew(site: Kallithea) -> Kallithea:
    """Bob, who is in the group crew."""
    done(site("user", "create", "bob", typed="battery staple\n"))
    done(site("user-group", "create", "crew"))
    done(site("user-group", "add", "crew", "bob"))
    return site


def test_allowances_come_and_go(crew: Kallithea) -> None:
    give, take = ("allowance", "give"), ("allowance", "take")
    assert done(crew(*give, "--user-group", "crew", "fork", "create-repositories")) == (
        "Allowed to crew: create-repositories, fork.\n"
    )
    assert done(crew(*give, "--user", "bob", "create-user-groups")) == "Allowed to bob: create-user-groups.\n"
    assert done(crew(*take, "--signed-in", "fork")) == "Allowed to signed-in accounts: nothing.\n"
    assert done(crew(*take, "--user-group", "crew", "fork")) == "Allowed to crew: create-repositories.\n"
    assert rows(crew("allowance", "list", "--json")) == [
        {"subject": "signed-in", "name": "", "allowed": []},
        {"subject": "user", "name": "bob", "allowed": ["create-user-groups"]},
        {"subject": "user-group", "name": "crew", "allowed": ["create-repositories"]},
    ]


def test_why_names_who_allows_it(crew: Kallithea) -> None:
    done(crew("allowance", "give", "--user-group", "crew", "create-repositories"))
    found = {row["allowance"]: row for row in rows(crew("allowance", "why", "bob", "--json"))}
    assert found["create-repositories"]["because"] == ["user-group:crew"]
    assert found["fork"]["because"] == ["signed-in"]
    assert not found["create-user-groups"]["allowed"]
    assert all(row["because"][0] == "administrator" for row in rows(crew("allowance", "why", "ada", "--json")))


def test_one_receiver_has_to_be_named(crew: Kallithea) -> None:
    for words in ([], ["--signed-in", "--user", "bob"]):
        result = crew("allowance", "give", *words, "fork")
        assert (result.exit_code, "Name exactly one" in result.stderr) == (2, True)
    assert "There is no user" in refused(crew("allowance", "give", "--user", "carl", "fork"))
    assert crew("allowance", "give", "--signed-in", "everything").exit_code == 2
