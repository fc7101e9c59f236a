"""``kallithea cache``."""

import json
import pathlib
import shutil

import pytest
from click.testing import CliRunner

from kallithea.cli.main import main
from kallithea.services.application import Application


@pytest.fixture
def ini(application: Application, tmp_path: pathlib.Path) -> pathlib.Path:
    """The .ini of the application, whose caches hold something."""
    settings = application.settings
    path = tmp_path / "site.ini"
    path.write_text(
        "[app:main]\nuse = egg:kallithea\n"
        f"sqlalchemy.url = {settings.database_url}\nrepository_folder = {settings.repository_folder}\n"
        f"cache_dir = {settings.cache_dir}\nsession.secret = {settings.session_secret}\n"
    )
    application.caches.small.put("a", b"content")
    return path


def run(*words: str) -> str:
    answer = CliRunner().invoke(main, words, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_each_cache_is_listed_with_what_it_holds(ini: pathlib.Path) -> None:
    rows = {row["name"]: row for row in json.loads(run("cache", "list", "--json", "-c", str(ini)))}
    assert set(rows) == {"small", "large", "archives"}
    assert rows["small"]["entries"] == 1
    assert 0 < rows["small"]["bytes"] < rows["small"]["limit"]


def test_clearing_forgets_everything(ini: pathlib.Path, application: Application) -> None:
    assert run("cache", "clear", "-c", str(ini)) == "The caches are empty.\n"
    assert application.caches.small.get("a") is None


def test_a_cache_that_was_never_used_is_empty(ini: pathlib.Path, application: Application) -> None:
    shutil.rmtree(application.settings.cache_dir)
    assert {row["entries"] for row in json.loads(run("cache", "list", "--json", "-c", str(ini)))} == {0}
