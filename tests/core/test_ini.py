"""Finding and reading an .ini without starting the application."""

import logging
from pathlib import Path

import pytest

from kallithea.core.ini import find_ini, read_ini
from kallithea.core.logs import set_up_logging
from kallithea.core.settings import SettingsError


def _write(folder: Path, text: str, name: str = "site.ini") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_only_ini_of_the_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "", "site.ini")
    _write(tmp_path, "", "development.ini")
    monkeypatch.chdir(tmp_path)
    assert find_ini(None) == tmp_path / "site.ini"


def test_several_files_are_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "", "a.ini")
    _write(tmp_path, "", "b.ini")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"several \.ini files \(a\.ini, b\.ini\)\. Name the one to use"):
        find_ini(None)


def test_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path, "")
    monkeypatch.setenv("KALLITHEA_INI", str(path))
    assert find_ini(None) == path


def test_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="config-create"):
        find_ini(str(tmp_path / "none.ini"))


def test_values_are_those_that_pastedeploy_would_give(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        """[DEFAULT]
smtp_server = mail.example.com
email_to = a@example.com
[server:main]
use = egg:gunicorn#main
port = 5005
[app:main]
use = egg:kallithea
cache_dir = %(here)s/cache
set email_to = b@example.com
get title = smtp_server
realm = 100%% ours
""",
    )
    ini = read_ini(path)
    assert ini.application["cache_dir"] == f"{tmp_path}/cache"
    assert ini.application["smtp_server"] == "mail.example.com"
    assert ini.application["email_to"] == "b@example.com"
    assert ini.application["title"] == "mail.example.com"
    assert ini.application["realm"] == "100% ours"
    assert ini.server == {"use": "egg:gunicorn#main", "port": "5005"}


def test_folder_with_a_percent_sign(tmp_path: Path) -> None:
    (tmp_path / "100%").mkdir()
    path = _write(tmp_path / "100%", "[app:main]\ncache_dir = %(here)s/cache\n")
    assert read_ini(path).application["cache_dir"] == f"{tmp_path}/100%/cache"


def test_application_behind_a_pipeline_is_found(tmp_path: Path) -> None:
    path = _write(tmp_path, "[pipeline:main]\npipeline = x site\n[app:site]\ntitle = Ours\n")
    assert read_ini(path).application["title"] == "Ours"


@pytest.mark.parametrize("text", ["[server:main]\nport = 1\n", "port = 1", "[app:main]\ntitle = %(nothing)s\n"])
def test_what_is_wrong_is_told_with_the_file(tmp_path: Path, text: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(SettingsError, match=str(path)):
        read_ini(path)


def test_logging_follows_the_file(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        f"""[app:main]
[loggers]
keys = root, quiet
[handlers]
keys =
[formatters]
keys =
[logger_root]
level = NOTSET
handlers =
[logger_quiet]
level = ERROR
handlers =
qualname = {__name__}.quiet
""",
    )
    root = logging.getLogger()
    before, handlers = root.level, root.handlers[:]
    try:
        set_up_logging(read_ini(path))
        assert logging.getLogger(f"{__name__}.quiet").level == logging.ERROR
    finally:
        root.setLevel(before)
        root.handlers[:] = handlers
