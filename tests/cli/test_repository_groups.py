"""Groups of repositories on the command line."""

import pytest

from tests.cli.conftest import Kallithea, done, refused, rows


@pytest.fixture
def grouped(site: Kallithea) -> Kallithea:
    """The groups tools, tools/small, which ada owns, and attic; and a repository tools/small/hammer."""
    for words in (("tools",), ("tools/small", "--owner", "ada", "--description", "For hands"), ("attic",)):
        done(site("repository-group", "create", *words))
    done(site("repository", "create", "tools/small/hammer", "--kind", "git"))
    return site


def paths(site: Kallithea) -> list[str]:
    return [row["path"] for row in rows(site("repository-group", "list", "--json"))]


def test_group_moves_with_what_lies_in_it(grouped: Kallithea) -> None:
    assert done(grouped("repository-group", "update", "tools/small", "--move-to", "attic/old")) == (
        "The group attic/old is changed.\n"
    )
    assert paths(grouped) == ["attic", "attic/old", "tools"]
    assert [row["path"] for row in rows(grouped("repository", "list", "--json"))] == ["attic/old/hammer"]
    done(grouped("repository-group", "update", "attic/old", "--move-to", "old"))
    assert paths(grouped) == ["attic", "old", "tools"]


def test_what_is_not_named_stays(grouped: Kallithea) -> None:
    done(grouped("repository-group", "update", "tools/small", "--owner", ""))
    done(grouped("repository-group", "update", "tools", "--description", "All of them", "--owner", "ada"))
    listed = {row["path"]: row["description"] for row in rows(grouped("repository-group", "list", "--json"))}
    assert listed == {"attic": "", "tools": "All of them", "tools/small": "For hands"}
    changes = rows(grouped("audit", "list", "--kind", "repository-group", "--json"))[:2]
    assert [(row["actor"], row["target"]) for row in changes] == [
        ("command line", "group:tools"),
        ("command line", "group:tools/small"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tools", "--move-to", "attic"], "exists already"),
        (["tools", "--move-to", "tools/small/tools"], "a group cannot lie in itself"),
        (["tools", "--move-to", "absent/tools"], "there is no repository group 'absent'"),
        (["tools", "--owner", "nobody"], "write the name of an active account"),
        (["absent", "--description", "x"], "There is no repository group 'absent'"),
    ],
)
def test_what_cannot_be_is_refused(grouped: Kallithea, words: list[str], said: str) -> None:
    assert said in refused(grouped("repository-group", "update", *words))
    assert paths(grouped) == ["attic", "tools", "tools/small"]


def test_empty_group_is_deleted_and_another_is_not(grouped: Kallithea) -> None:
    assert "The group is not empty" in refused(grouped("repository-group", "delete", "tools", "--yes"))
    assert grouped("repository-group", "delete", "attic", typed="n\n").exit_code != 0
    assert done(grouped("repository-group", "delete", "attic", typed="y\n")) == "The group attic is deleted.\n"
    assert paths(grouped) == ["tools", "tools/small"]
