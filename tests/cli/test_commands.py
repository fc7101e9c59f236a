"""What the commands do on a site, and what they say when they cannot."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from kallithea.auth.passwords import verify_password
from kallithea.cli.config import create_config
from kallithea.cli.main import main
from kallithea.core.ini import read_ini
from kallithea.core.settings import parse_settings
from kallithea.model.journal import JournalEntry
from kallithea.services.application import Application
from kallithea.services.work import open_application, reading, writing
from kallithea.vcs.opener import find_kind
from kallithea.vcs.types import Kind
from tests.cli.conftest import Kallithea, done, refused, rows
from tests.vcs.git.test_upkeep import existing as existing_git


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[Application]:
    application = open_application(parse_settings(read_ini(folder / "site.ini").application))
    try:
        yield application
    finally:
        application.close()


def test_database_that_is_missing(kallithea: Kallithea) -> None:
    assert "Run `kallithea db-create" in refused(kallithea("user", "list"))


def test_db_create_makes_folders_tables_and_an_administrator(kallithea: Kallithea, tmp_path: Path) -> None:
    done(kallithea("db-create", "--user", "ada", "--email", "ada@example.org", typed="correct horse\n"))
    assert rows(kallithea("user", "list", "--json")) == [
        {"name": "ada", "email": "ada@example.org", "active": True, "administrator": True}
    ]
    assert (tmp_path / "data/repositories").is_dir()


def test_db_create_refuses_a_second_time(site: Kallithea) -> None:
    assert "kallithea db-upgrade" in refused(site("db-create"))


def test_db_create_if_missing_does_nothing_a_second_time(site: Kallithea) -> None:
    assert done(site("db-create", "--if-missing", "--user", "eve", "--generate-password")) == ""
    assert [row["name"] for row in rows(site("user", "list", "--json"))] == ["ada"]


def test_db_create_checks_the_administrator_before_it_makes_anything(kallithea: Kallithea, tmp_path: Path) -> None:
    assert "at least" in refused(kallithea("db-create", "--user", "ada", typed="short\n"))
    done(kallithea("db-create", "--user", "ada", typed="correct horse\n"))


def test_db_upgrade_of_current_tables_changes_nothing(site: Kallithea) -> None:
    done(site("db-upgrade"))
    assert [row["name"] for row in rows(site("user", "list", "--json"))] == ["ada"]


def test_index_create_says_how_far_the_index_is(site: Kallithea) -> None:
    (state,) = rows(site("index-create", "--state", "--json"))
    assert (state["engine"], state["repositories"], state["behind"]) == ("sqlite", 0, 0)
    assert site("index-create", "--state", "--full").exit_code == 2


def test_what_takes_long_is_listed_as_a_job(site: Kallithea, tmp_path: Path) -> None:
    (tmp_path / "data/repositories/group").mkdir(parents=True)
    (tmp_path / "data/repositories/link").symlink_to("group")
    assert "Looking through the folder" in site("repo-scan").stderr
    done(site("index-create", "--full"))
    listed = rows(site("job", "list", "--state", "done", "--json"))
    assert [(row["kind"], row["percent"]) for row in listed] == [("RebuildIndex", 100), ("ScanRepositories", 100)]
    assert rows(site("job", "show", str(listed[0]["job"]), "--json"))["log"].rstrip().endswith("done")


def test_db_copy_moves_a_site_to_another_database(site: Kallithea, tmp_path: Path) -> None:
    create_config(tmp_path / "new.ini", {"sqlalchemy.url": f"sqlite:///{tmp_path}/new/kallithea.db"})
    words = ("db-copy", str(tmp_path / "site.ini"), str(tmp_path / "new.ini"))
    result = CliRunner().invoke(main, words)
    assert "users: 1 rows" in result.stderr
    assert "Copied and compared" in done(result)
    assert (tmp_path / "new/kallithea.db").stat().st_mode & 0o777 == 0o600
    assert "not empty" in refused(CliRunner().invoke(main, words))


def test_db_copy_writes_no_sqlite_on_a_network_file_system(
    site: Kallithea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "kallithea.model.engine.find_network_file_system"
    monkeypatch.setattr(place, lambda file: "nfs4" if "shared" in file.parts else None)
    target = tmp_path / "shared/kallithea.db"
    result = CliRunner().invoke(main, ["db-copy", str(tmp_path / "site.ini"), f"sqlite:///{target}"])
    assert "lies on a network file system (nfs4)" in refused(result)
    assert not target.parent.exists()


@pytest.mark.parametrize("driver", ["postgresql", "mariadb"])
def test_db_copy_shows_no_password(site: Kallithea, tmp_path: Path, driver: str) -> None:
    away = f"{driver}://kallithea:hidden-word@127.0.0.1:1/kallithea"
    words = refused(CliRunner().invoke(main, ("db-copy", str(tmp_path / "site.ini"), away)))
    assert "127.0.0.1" in words
    assert "hidden-word" not in words


def test_password_from_standard_input_is_the_accounts_password(site: Kallithea, tmp_path: Path) -> None:
    done(site("user", "create", "bob", typed="battery staple\n"))
    with _opened(tmp_path) as application, reading(application) as services:
        assert verify_password("battery staple", services.users.get("bob").password_hash)


def test_generated_password_is_printed_once_and_works(site: Kallithea, tmp_path: Path) -> None:
    made = rows(site("user", "create", "bob", "--generate-password", "--json"))
    with _opened(tmp_path) as application, reading(application) as services:
        assert verify_password(made["password"], services.users.get("bob").password_hash)


def test_user_life(site: Kallithea) -> None:
    done(site("user", "create", "bob", "--password", "battery staple"))
    done(site("user", "password", "bob", typed="another staple\n"))
    done(site("user", "disable", "bob"))
    assert [(row["name"], row["active"]) for row in rows(site("user", "list", "--json"))] == [
        ("ada", True),
        ("bob", False),
    ]
    done(site("user", "enable", "bob"))


def test_user_is_signed_out_everywhere(site: Kallithea, tmp_path: Path) -> None:
    with _opened(tmp_path) as application, writing(application) as services:
        for _ in range(2):
            services.user_sessions.create(services.users.get("ada"), address="", client="")
    assert rows(site("user", "sign-out", "ada", "--json"))["sessions"] == 2
    assert rows(site("user", "sign-out", "ada", "--json"))["sessions"] == 0


def test_token_is_bound_to_repositories(site: Kallithea) -> None:
    for path in ("one", "two"):
        done(site("repository", "create", path, "--kind", "git"))
    done(site("permission", "set", "--user", "ada", "read", "/"))
    done(site("token", "create", "ada", "--repository", "one", "--repository", "Two"))
    (row,) = rows(site("token", "list", "ada", "--json"))
    assert row["repositories"].split() == ["one", "two"]
    assert "there is no repository three" in refused(site("token", "create", "ada", "--repository", "three"))


def test_user_that_exists_already_is_refused(site: Kallithea) -> None:
    assert "Another account" in refused(site("user", "create", "Ada", "--password", "battery staple"))


def test_user_that_does_not_exist(site: Kallithea) -> None:
    assert "There is no user 'bob'" in refused(site("user", "disable", "bob"))


def test_user_group_life(site: Kallithea) -> None:
    done(site("user", "create", "bob", "--password", "battery staple"))
    done(site("user-group", "create", "devs"))
    done(site("user-group", "add", "devs", "ada", "bob"))
    done(site("user-group", "remove", "devs", "ada"))
    assert rows(site("user-group", "list", "--json")) == [{"name": "devs", "active": True, "members": ["bob"]}]


def test_repository_life(site: Kallithea, tmp_path: Path) -> None:
    done(site("repository-group", "create", "tools"))
    done(site("repository", "create", "tools/old", "--kind", "hg", "--owner", "ada", "--private"))
    assert rows(site("repository", "list", "--json")) == [
        {"path": "tools/old", "kind": "hg", "private": True, "owner": "ada"}
    ]
    assert rows(site("repository-group", "list", "--json"))[0]["path"] == "tools"
    refused(site("repository", "create", "tools/old", "--kind", "git"))
    assert "no repository" in refused(site("repository", "delete", "tools/other", "--yes"))
    done(site("repository", "delete", "tools/old", "--yes"))
    assert rows(site("repository", "list", "--json")) == []


def test_repository_update(site: Kallithea, tmp_path: Path) -> None:
    done(site("repository-group", "create", "tools"))
    done(site("repository", "create", "old", "--kind", "git", "--owner", "ada"))
    done(site("repository", "update", "old", "--move-to", "tools/new", "--private", "--description", "words"))
    done(site("repository", "update", "tools/new", "--no-downloads", "--no-statistics"))
    assert rows(site("repository", "list", "--json")) == [
        {"path": "tools/new", "kind": "git", "private": True, "owner": "ada"}
    ]
    with _opened(tmp_path) as application, reading(application) as services:
        row = services.repositories.get("tools/new")
        assert (row.description, row.downloads, row.statistics, row.folder) == ("words", False, False, "old")
    assert "no repository group 'nowhere'" in refused(
        site("repository", "update", "tools/new", "--move-to", "nowhere/x")
    )
    assert "'eve' is none" in refused(site("repository", "update", "tools/new", "--owner", "eve"))
    assert "no branch, bookmark or tag" in refused(site("repository", "update", "tools/new", "--landing-revision", "x"))
    assert "have no phases" in refused(site("repository", "update", "tools/new", "--not-publishing"))
    done(site("repository", "create", "drafts", "--kind", "hg"))
    done(site("repository", "update", "drafts", "--not-publishing"))
    with _opened(tmp_path) as application, reading(application) as services:
        assert not services.repositories.get("drafts").publishing


def test_repository_delete_asks(site: Kallithea) -> None:
    done(site("repository", "create", "old", "--kind", "git"))
    assert site("repository", "delete", "old", typed="n\n").exit_code == 1
    assert len(rows(site("repository", "list", "--json"))) == 1


def test_repository_is_restored(site: Kallithea) -> None:
    done(site("repository", "create", "old", "--kind", "git", "--description", "words"))
    assert "can come back" in refused(site("repository", "restore", "old"))
    done(site("repository", "delete", "old", "--yes"))
    (row,) = rows(site("repository", "deleted", "--json"))
    assert (row["path"], row["kind"]) == ("old", "git")
    done(site("repository", "restore", "old", "--as", "new"))
    assert [row["path"] for row in rows(site("repository", "list", "--json"))] == ["new"]
    assert rows(site("repository", "deleted", "--json")) == []


def test_permissions(site: Kallithea) -> None:
    done(site("user-group", "create", "devs"))
    done(site("repository", "create", "code", "--kind", "git"))
    done(site("permission", "set", "--user-group", "devs", "write", "code"))
    done(site("permission", "set", "--visitors", "read", "code"))
    done(site("permission", "set", "--signed-in", "read", "/"))
    assert {
        (row["subject"], row["name"], row["level"]) for row in rows(site("permission", "list", "code", "--json"))
    } == {
        ("user-group", "devs", "write"),
        ("visitors", "visitors", "read"),
    }
    done(site("permission", "set", "--visitors", "inherit", "code"))
    assert len(rows(site("permission", "list", "code", "--json"))) == 1
    assert [row["level"] for row in rows(site("permission", "list", "/", "--json"))] == ["read"]


def test_permission_for_nobody_is_wrong_use(site: Kallithea) -> None:
    assert site("permission", "set", "read", "/").exit_code == 2


def test_permission_on_nothing(site: Kallithea) -> None:
    assert "no repository and no group" in refused(site("permission", "set", "--visitors", "read", "nothing"))


def test_token_life(site: Kallithea) -> None:
    made = rows(site("token", "create", "ada", "--scope", "read", "--days", "3", "--json"))
    assert made["token"].startswith("kat_")
    (row,) = rows(site("token", "list", "ada", "--json"))
    assert (row["id"], row["scopes"]) == (made["id"], "read")
    assert row["expires"] is not None
    done(site("token", "revoke", "ada", str(made["id"])))
    assert rows(site("token", "list", "ada", "--json")) == []


def test_settings(site: Kallithea) -> None:
    done(site("setting", "set", "visitors", "true"))
    assert {"name": "visitors", "value": "true"} in rows(site("setting", "list", "--json"))
    assert "visitors" in refused(site("setting", "set", "visitor", "true"))


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("title", "Haven", "x" * 61),
        ("list-length", "20", "many"),
        ("shows-avatars", "false", "no"),
        ("clone-address", "https://{user}@code.example.org/{repo}", "https://code.example.org/{name}"),
        ("issues", '[{"pattern": "#[0-9]+", "address": "https://example.org/{repo}", "text": ""}]', '[{"x": 1}]'),
        ("networks", "10.0.0.0/8 ::1/128", "10.0.0.0/99"),
        ("new-kind", "hg", "svn"),
        ("new-landing", "stable", "x" * 201),
    ],
)
def test_settings_of_the_pages(site: Kallithea, name: str, value: str, wrong: str) -> None:
    assert refused(site("setting", "set", name, wrong))
    done(site("setting", "set", name, value))
    assert done(site("setting", "get", name)).strip() == value
    assert {"name": name, "value": value} in rows(site("setting", "list", "--json"))
    assert name in refused(site("setting", "get", "nothing"))


def test_scan_imports_what_lies_there(site: Kallithea, tmp_path: Path) -> None:
    done(site("repository", "create", "here", "--kind", "git"))
    (tmp_path / "data/repositories/old").mkdir()
    (tmp_path / "data/repositories/here").rename(tmp_path / "data/repositories/old/there")
    report = rows(site("repo-scan", "--owner", "ada", "--json"))
    assert report["imported"] == ["old/there"]
    assert report["missing"] == ["here"]


def test_demo_has_the_same_history_in_both_kinds(site: Kallithea, tmp_path: Path) -> None:
    assert rows(site("demo-create", "--owner", "ada", "--json")) == {"made": ["demo/git", "demo/hg"]}
    with _opened(tmp_path) as application, reading(application) as services:
        for kind in Kind:
            stored = services.repositories.get(f"demo/{kind}")
            assert find_kind(services.repositories.folder(stored)) is kind
            with services.repositories.open(stored) as repository:
                refs = repository.refs()
                assert {tag.name for tag in refs.tags} >= {b"v0.1", b"v1.0"}
                assert refs.default is not None
                assert b"Tidewatch" in repository.blob(refs.default.commit_id, b"README.rst", limit=1000).data


def test_demo_stands_in_the_journal_as_what_the_command_did(site: Kallithea, tmp_path: Path) -> None:
    done(site("demo-create"))
    with _opened(tmp_path) as application, reading(application) as services:
        ways = services.session.scalars(select(JournalEntry.way).where(JournalEntry.action == "push")).all()
        assert ways == ["command", "command"]
        for kind in Kind:
            stored = services.repositories.get(f"demo/{kind}")
            with services.repositories.open(stored) as repository:
                assert services.pushes.recorded(stored.repository_id).fingerprint == repository.fingerprint()


def test_setting_that_means_nothing_is_told_with_the_nearest_right_one(site: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("#title = Kallithea", "titel = Ours"))
    result = site("user", "list")
    done(result)
    assert "The .ini sets titel, which means nothing; do you mean title?" in result.stderr


def test_demo_is_made_once(site: Kallithea) -> None:
    done(site("demo-create"))
    assert rows(site("demo-create", "--json")) == {"made": []}


def test_table_for_people(site: Kallithea) -> None:
    assert done(site("user", "list")).splitlines()[0].split() == ["name", "email", "active", "administrator"]


def test_wrong_setting_is_explained(site: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("#debug = false", "debug = maybe"))
    assert "debug = maybe: write true or false" in refused(site("user", "list"))


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "nonsense://host/name",
        "oracle://host/name",
        "oracle+missing://host/name",
        "postgresql://ada:secret@:5432:/name",
    ],
)
def test_address_of_no_database_is_explained(site: Kallithea, tmp_path: Path, url: str) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(re.sub(r"^sqlalchemy\.url = .*$", f"sqlalchemy.url = {url}", ini.read_text(), flags=re.MULTILINE))
    assert "sqlalchemy.url is no address of a database" in refused(site("user", "list"))
    assert "sqlalchemy.url is no address of a database" in refused(site("db-create"))


def test_db_upgrade_without_tables_makes_none(kallithea: Kallithea, tmp_path: Path) -> None:
    assert "kallithea db-create" in refused(kallithea("db-upgrade"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data/kallithea.db").touch()
    assert "kallithea db-create" in refused(kallithea("db-upgrade"))


def test_sqlite_file_by_a_relative_path_is_refused(kallithea: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("sqlite:///%(here)s/", "sqlite:///"))
    assert "sqlite:///%(here)s/" in refused(kallithea("db-create"))


def test_sqlite_timeout_that_is_no_number(kallithea: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("timeout=30", "timeout=soon"))
    assert "number of seconds" in refused(kallithea("db-create"))


def test_db_create_checks_the_address_before_it_makes_anything(kallithea: Kallithea) -> None:
    words = refused(kallithea("db-create", "--user", "ada", "--email", "nonsense", typed="correct horse\n"))
    assert "one address" in words
    done(kallithea("db-create", "--user", "ada", typed="correct horse\n"))


def test_db_create_that_was_stopped_halfway_goes_on(kallithea: Kallithea) -> None:
    done(kallithea("db-create"))
    done(kallithea("db-create", "--if-missing", "--user", "ada", "--generate-password"))
    assert [row["administrator"] for row in rows(kallithea("user", "list", "--json"))] == [True]


def test_db_create_that_was_stopped_among_the_tables_goes_on(kallithea: Kallithea, tmp_path: Path) -> None:
    """As on MariaDB, which keeps each change of a table at once."""
    done(kallithea("db-create"))
    with contextlib.closing(sqlite3.connect(tmp_path / "data/kallithea.db")) as connection, connection:
        connection.execute("DELETE FROM alembic_version")
        connection.execute("DROP TABLE users")
    done(kallithea("db-create", "--if-missing", "--user", "ada", "--generate-password"))
    assert [row["administrator"] for row in rows(kallithea("user", "list", "--json"))] == [True]


def test_database_is_its_owners_alone(site: Kallithea, tmp_path: Path) -> None:
    assert (tmp_path / "data/kallithea.db").stat().st_mode & 0o777 == 0o600


def test_folders_that_cannot_be_made(kallithea: Kallithea, tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert f"{tmp_path}/data" in refused(kallithea("db-create"))


def test_database_file_of_another_kind(kallithea: Kallithea, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/kallithea.db").write_bytes(b"This is a letter to my aunt. " * 100)
    for words in (("user", "list"), ("db-create",), ("db-upgrade",)):
        assert "not a database" in refused(kallithea(*words))


def test_password_that_nobody_types(site: Kallithea) -> None:
    assert "standard input" in refused(site("user", "create", "bob"))


def test_deleted_repository_does_not_come_back_by_a_scan(site: Kallithea) -> None:
    done(site("repository", "create", "old", "--kind", "git"))
    done(site("repository", "delete", "old", "--yes"))
    report = rows(site("repo-scan", "--json"))
    assert report["imported"] == []
    assert list(report["skipped"]) == ["old"]


def test_database_that_is_busy_is_told_with_the_drivers_words(site: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("timeout=30", "timeout=0"))
    writer = sqlite3.connect(tmp_path / "data/kallithea.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert "database is locked" in refused(site("user-group", "create", "devs"))
    assert "database is locked" in refused(site("repository", "create", "code", "--kind", "git"))
    assert list((tmp_path / "data/repositories").iterdir()) == []
    assert len(rows(site("user", "list", "--json"))) == 1
    writer.close()


def test_upkeep_tells_what_it_has_done(site: Kallithea, tmp_path: Path) -> None:
    for path in ("first", "second"):
        done(site("repository", "create", path, "--kind", "git"))
    assert done(site("upkeep")) == "Nothing was needed.\n"
    builder = existing_git(tmp_path / "data/repositories/second")
    builder.commit({b"%d" % number: b"%d" % number for number in range(2100)})

    (line,) = [line for line in done(site("upkeep")).splitlines() if "commit graph" in line]
    assert re.fullmatch(r"second +commit graph +done +new commits are in it", line)
    found = rows(site("upkeep", "second", "--repack", "--json"))
    assert {row["step"]: row["outcome"] for row in found} == {
        "leftovers": "not needed",
        "refs": "not needed",
        "commit graph": "not needed",
        "packs": "not needed",
        "changed paths": "not needed",
        "one pack": "done",
    }


def test_upkeep_of_what_is_not_there(site: Kallithea, tmp_path: Path) -> None:
    assert "no repository 'absent'" in refused(site("upkeep", "absent"))
    done(site("repository", "create", "gone", "--kind", "git"))
    done(site("repository", "create", "there", "--kind", "git"))
    (tmp_path / "data/repositories/gone").rename(tmp_path / "data/repositories/.gone")
    assert "not there" in refused(site("upkeep", "gone"))
    result = site("upkeep")
    assert "gone: The repository is not there." in result.stderr
    assert "Nothing was needed" in done(result)


def test_audit_is_listed_by_kind_and_old_entries_are_deleted(site: Kallithea) -> None:
    done(site("user", "create", "bob", typed="battery staple\n"))
    listed = rows(site("audit", "list", "--kind", "user", "--target", "bob", "--json"))
    assert [(row["actor"], row["action"], row["target"]) for row in listed] == [
        ("command line", "user.create", "user:bob")
    ]
    assert done(site("audit", "delete", "--before", "2001-01-01")) == "0 entries are deleted.\n"
    assert rows(site("audit", "list", "--target", "bob", "--json")) == listed
    assert re.fullmatch("[1-9][0-9]* entries are deleted.\n", done(site("audit", "delete", "--before", "9999-01-01")))
    assert [row["action"] for row in rows(site("audit", "list", "--json"))] == ["audit.delete"]


def test_user_is_renamed_and_made_administrator(site: Kallithea) -> None:
    done(site("user", "create", "bob", typed="battery staple\n"))
    done(site("user", "update", "bob", "--rename", "bob.m", "--email", "bob@example.org", "--administrator"))
    row = {"name": "bob.m", "email": "bob@example.org", "active": True, "administrator": True}
    assert row in rows(site("user", "list", "--json"))
    assert "only account that administers" not in done(site("user", "update", "ada", "--no-administrator"))
    assert "only account that administers" in refused(site("user", "update", "bob.m", "--no-administrator"))


def test_user_is_deleted_and_what_they_own_is_handed_over(site: Kallithea, tmp_path: Path) -> None:
    done(site("user", "create", "bob", typed="battery staple\n"))
    done(site("repository", "create", "--kind", "hg", "--owner", "bob", "r"))
    assert "name the account that owns it" in refused(site("user", "delete", "bob"))
    done(site("user", "delete", "bob", "--heir", "ada"))
    with _opened(tmp_path) as application, reading(application) as services:
        assert services.users.find("bob") is None
        assert services.repositories.get("r").owner_id == services.users.get("ada").user_id


def test_user_group_is_changed_and_deleted(site: Kallithea) -> None:
    done(site("user-group", "create", "crew"))
    done(site("user-group", "update", "crew", "--rename", "seamen", "--owner", "ada", "--inactive"))
    done(site("user-group", "update", "seamen", "--description", "On every ship"))
    assert rows(site("user-group", "list", "--json")) == [{"name": "seamen", "active": False, "members": []}]
    changes = rows(site("audit", "list", "--kind", "user-group", "--json"))[1]
    assert (changes["target"], changes["after"]) == (
        "user-group:crew",
        '{"active": false, "name": "seamen", "owner": "ada"}',
    )
    done(site("user-group", "delete", "seamen"))
    assert rows(site("user-group", "list", "--json")) == []


def test_allow_lists_are_mended_whatever_they_say(site: Kallithea) -> None:
    assert done(site("allow-list", "set", "10.0.0.0/8", "::1")) == "The site answers 10.0.0.0/8, ::1.\n"
    assert rows(site("allow-list", "show", "--json")) == [{"network": "10.0.0.0/8"}, {"network": "::1/128"}]
    done(site("allow-list", "set", "--user", "ada", "192.0.2.7"))
    assert done(site("allow-list", "show", "--user", "ada")) == "network\n192.0.2.7/32\n"
    assert "is none" in refused(site("allow-list", "set", "nowhere"))
    for more in ((), ("--user", "ada")):
        assert "everywhere" in done(site("allow-list", "set", *more))
        assert rows(site("allow-list", "show", *more, "--json")) == []
    actions = [row["action"] for row in rows(site("audit", "list", "--json"))]
    assert actions[:4] == [
        "user.set-networks",
        "setting.set-networks",
        "user.set-networks",
        "setting.set-networks",
    ]
