"""The package as people get it: built from its source archive, and installed where there is no Node."""

import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.benchmarks.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive from the files that git knows, and the wheel from the archive."""
    source = tmp_path_factory.mktemp("source")
    for name in _run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    _run(sys.executable, "setup.py", "--quiet", "sdist", cwd=source)
    archive = next((source / "dist").glob("*.tar.gz"))
    _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", "wheels", str(archive), cwd=source)
    return next((source / "wheels").glob("kallithea-*.whl"))


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, with what it says it needs, into a new environment; return the folder of its programs."""
    environment = tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "venv", str(environment))
    _run(str(environment / "bin/python"), "-m", "pip", "install", "--quiet", str(wheel))
    return environment / "bin"


@pytest.fixture
def site(installation: Path, tmp_path: Path) -> Iterator[str]:
    """Serve a new instance by the installed programs, with git and nothing else on PATH; yield its address."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").symlink_to(shutil.which("git") or "git")
    variables = {"PATH": f"{installation}:{programs}", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    kallithea = str(installation / "kallithea")
    port = free_port()
    _run(kallithea, "config-create", "kallithea.ini", f"port={port}", cwd=tmp_path, env=variables)
    _run(kallithea, "db-create", "-c", "kallithea.ini", cwd=tmp_path, env=variables)
    server = subprocess.Popen([kallithea, "serve", "-c", "kallithea.ini"], cwd=tmp_path, env=variables)
    try:
        _wait_for(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def test_wheel_holds_what_a_server_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= {
        "kallithea/cli/production.ini.template",
        "kallithea/public/manifest.json",
        *(f"kallithea/public/{path}" for path in _static_files(wheel).values()),
        *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("kallithea/**/*.mako")),
        *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("kallithea/migrations/**/*.py")),
    }


def test_wheel_holds_nothing_that_only_the_build_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.startswith("tests/") or "front_end" in name or "node_modules" in name] == []


def test_first_page_and_its_style_sheet_are_served(wheel: Path, site: str) -> None:
    with urllib.request.urlopen(site + "/") as page:
        assert page.status == 200
        style_sheet = f"/{_static_files(wheel)['css/kallithea.css']}"
        assert style_sheet in page.read().decode()
    with urllib.request.urlopen(site + style_sheet) as style:
        assert style.headers["Content-Type"].startswith("text/css")


def _static_files(wheel: Path) -> dict[str, str]:
    """Their paths by their names."""
    paths: dict[str, str] = json.loads(zipfile.ZipFile(wheel).read("kallithea/public/manifest.json"))
    return paths


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    result = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}{result.stderr}"
    return result.stdout


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, with whatever status."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(address, timeout=START_SECONDS).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} did not answer")
