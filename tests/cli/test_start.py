"""The commands start fast: what they do not need, they do not import."""

import subprocess
import sys
from pathlib import Path

import pytest

_HEAVY = "'mercurial', 'dulwich', 'pyramid', 'mako', 'gunicorn', 'pkg_resources', 'docutils', 'pygments'"


def _imported(arguments: list[str], suspects: str) -> str:
    script = (
        "import sys\n"
        "from kallithea.cli.main import main\n"
        f"code = main({arguments!r}, standalone_mode=False)\n"
        f"print('imported:', *[name for name in ({suspects}) if name in sys.modules])"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


def test_pages_load_the_client_of_redis_only_where_it_is_used() -> None:
    modules = "kallithea.wsgi, kallithea.web.sessions, kallithea.cache.beaker_store"
    script = f"import sys, {modules}; print('redis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_help_imports_no_command() -> None:
    assert _imported(["--help"], f"{_HEAVY}, 'sqlalchemy', 'alembic', 'kallithea.cli.users'").endswith("imported:\n")


@pytest.mark.parametrize("command", [["user", "list"], ["repository", "list"], ["permission", "list", "/"]])
def test_commands_on_the_database_import_only_what_they_use(tmp_path: Path, command: list[str]) -> None:
    ini = str(tmp_path / "site.ini")
    for preparation in (["config-create", ini], ["db-create", "-c", ini]):
        _imported(preparation, _HEAVY)
    assert _imported([*command, "-c", ini], f"{_HEAVY}, 'alembic'").endswith("imported:\n")
