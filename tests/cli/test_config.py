"""`kallithea config-create` and the template that it fills."""

import configparser
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kallithea.cli.config import create_config, fill_template, read_template
from kallithea.cli.main import main
from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.ini import read_ini
from kallithea.core.settings import known_keys, parse_settings, unknown_keys

_SETTING = re.compile(r"#?([a-z][\w.-]*) =")


def _application_lines() -> list[str]:
    return read_template().partition("\n[app:main]\n")[2].partition("\n[loggers]\n")[0].splitlines()


def test_template_documents_each_setting_in_the_order_of_the_settings() -> None:
    documented = [match[1] for match in map(_SETTING.match, _application_lines()) if match]
    assert documented == ["use", "filter-with", *known_keys()]


def test_each_setting_in_the_template_is_explained_above_it() -> None:
    explained = False
    for line in _application_lines():
        if _SETTING.match(line):
            assert explained or line.startswith(("use =", "#filter-with")), line
        else:
            explained = line.startswith("# ") or (explained and bool(line))


def test_commented_values_of_the_template_are_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "new.ini"
    create_config(file, {})
    head, _, rest = file.read_text().partition("\n[app:main]\n")
    alive = re.sub(r"^#(?=[a-z][\w.]* =)", "", rest, flags=re.MULTILINE)
    (tmp_path / "alive.ini").write_text(f"{head}\n[app:main]\n{alive}")
    assert parse_settings(read_ini(tmp_path / "alive.ini").application) == parse_settings(read_ini(file).application)


def test_new_file_is_complete_and_only_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "new.ini"
    create_config(file, {"port": "5123", "title": "Our code"})
    ini = read_ini(file)
    settings = parse_settings(ini.application)
    assert settings.title == "Our code"
    assert settings.repository_folder == tmp_path / "data/repositories"
    assert ini.server["port"] == "5123"
    assert unknown_keys(ini.application) == {}
    assert file.stat().st_mode & 0o077 == 0


def test_each_file_has_its_own_secret(tmp_path: Path) -> None:
    secrets = set()
    for name in ("a.ini", "b.ini"):
        create_config(tmp_path / name, {})
        secrets.add(read_ini(tmp_path / name).application["session.secret"])
    assert len(secrets) == 2


def test_existing_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "old.ini"
    file.write_text("mine")
    with pytest.raises(ConflictError, match="exists and was not changed"):
        create_config(file, {})
    assert file.read_text() == "mine"


def test_unknown_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(NotFoundError, match=r"no setting titel\. Do you mean title\?"):
        fill_template(read_template(), {"titel": "x"})


def test_command_tells_what_comes_next(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["config-create", str(tmp_path / "new.ini")])
    assert result.exit_code == 0
    assert "kallithea db-create -c" in result.output


def test_command_refuses_what_is_no_assignment(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["config-create", str(tmp_path / "new.ini"), "port"])
    assert result.exit_code == 2
    assert not (tmp_path / "new.ini").exists()


@pytest.mark.parametrize("name", ["production.ini.template", "development.ini"])
def test_logging_writes_errors_and_nothing_of_requests(name: str) -> None:
    parser = configparser.RawConfigParser()
    parser.read(Path(__file__).parents[2] / name, encoding="utf-8")
    assert parser["logger_root"]["level"] == "WARNING"
    assert parser["logger_kallithea"]["qualname"] == "kallithea"
