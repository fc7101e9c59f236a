"""What the command says of rights."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Kallithea, done, refused, rows


@pytest.fixture
def granted(site: Kallithea) -> Kallithea:
    """Bob is in the group devs, which may write to ``code``; all accounts may read everything."""
    done(site("user", "create", "bob", typed="battery staple\n"))
    done(site("user-group", "create", "devs"))
    done(site("user-group", "add", "devs", "bob"))
    done(site("repository", "create", "code", "--kind", "git"))
    done(site("permission", "set", "--user-group", "devs", "write", "code"))
    done(site("permission", "set", "--signed-in", "read", "/"))
    return site


def test_why_says_what_gives_the_level_and_what_would_be_without_it(granted: Kallithea) -> None:
    first, _heading, *lines = done(granted("permission", "why", "bob", "code")).splitlines()
    assert first == "bob has write on code."
    assert [line.split() for line in lines] == [
        ["user-group:devs", "code", "write", "decides", "read"],
        ["signed-in", "/", "read", "lower", "write"],
        ["member", "of", "devs", "read"],
    ]


def test_why_as_json(granted: Kallithea) -> None:
    report = rows(granted("permission", "why", "bob", "/", "--json"))
    assert (report["user"], report["level"], report["memberships"]) == ("bob", "read", [])
    assert [(one["subject"], one["effect"], one["without"]) for one in report["sources"]] == [
        ("signed-in", "decides", "none")
    ]


def test_why_of_a_visitor_and_of_a_disabled_account(granted: Kallithea) -> None:
    assert done(granted("permission", "why", "--visitor", "code")) == "A visitor has none on code.\n"
    done(granted("user", "disable", "bob"))
    said = done(granted("permission", "why", "bob", "code"))
    assert said == "bob, whose account is disabled, has none on code.\n"


def test_why_needs_an_account_or_a_visitor(granted: Kallithea) -> None:
    assert granted("permission", "why", "code").exit_code == 2
    assert granted("permission", "why", "--visitor", "bob", "code").exit_code == 2
    assert "no user 'eve'" in refused(granted("permission", "why", "eve", "code"))
    assert "no repository and no group" in refused(granted("permission", "why", "bob", "nothing"))


def test_export_is_a_table_in_a_file_that_appears_whole(granted: Kallithea, tmp_path: Path) -> None:
    file = tmp_path / "rights.csv"
    assert done(granted("permission", "export", "--output", str(file))) == f"{file} has 8 lines.\n"
    table = file.read_text(encoding="utf-8")
    found = list(csv.reader(io.StringIO(table)))
    assert found[0] == ["who", "type", "path", "private", "level", "because"]
    assert ["user:bob", "repository", "code", "no", "write", "user-group:devs on repository"] in found
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert done(granted("permission", "export")).splitlines() == table.splitlines()


def test_export_to_nowhere_is_refused(granted: Kallithea, tmp_path: Path) -> None:
    assert "cannot be written" in refused(granted("permission", "export", "--output", str(tmp_path / "no" / "x.csv")))


def test_visitors_can_be_given_read_at_most(granted: Kallithea) -> None:
    assert "read at most" in refused(granted("permission", "set", "--visitors", "write", "code"))
