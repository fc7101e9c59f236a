"""Modules are nouns of the domain, small, and import what their layer may."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from tests.house.conftest import FindFiles

EMPTY_WORDS = re.compile(r"(?:^|_)(?:utils?|helpers?|base|common|misc|managers?)(?:_|$)")
LONGEST_FILE = 400

# Top-level packages that only some modules may import. pyproject.toml has the contracts for those that are always
# imported somewhere; import-linter cannot be told about a package that nobody imports.
RESERVED = {
    "hgext": "kallithea/vcs/hg/",
    "hgext3rd": "kallithea/vcs/hg/",
    "hgdemandimport": "kallithea/vcs/hg/",
    "celery": "kallithea/tasks/",
    "kombu": "kallithea/tasks/",
}

# Packages of an extra, which may be absent. Only the modules whose paths begin so import them, and nobody else imports
# those: who needs one loads it by its name.
OPTIONAL = {
    "psycopg": ("postgresql", "kallithea/search/postgresql_"),
    "whoosh": ("whoosh", "kallithea/search/whoosh_"),
}


def test_module_names_say_something(find_files: FindFiles) -> None:
    assert [path for path in find_files("kallithea/**/*.py", "tests/**/*.py") if EMPTY_WORDS.search(path.stem)] == []


def test_package_files_are_empty(find_files: FindFiles) -> None:
    assert [path for path in find_files("__init__.py") if path.read_bytes()] == []


def test_files_are_small(find_files: FindFiles) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in find_files("kallithea/**/*.py")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_feature_of_the_web_is_in_its_contract(root: Path) -> None:
    features = {path.parent.name for path in (root / "kallithea/web").glob("*/__init__.py")} - {"ui"}
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    contract = next(contract for contract in contracts if contract.get("containers") == ["kallithea.web"])
    assert features - set(re.findall(r"\w+", " ".join(contract["layers"]))) == set()


@pytest.mark.parametrize("package", RESERVED)
def test_reserved_package_is_imported_where_it_belongs(package: str, find_files: FindFiles, root: Path) -> None:
    importers = [
        path.relative_to(root).as_posix() for path in find_files("kallithea/**/*.py") if package in _imports(path)
    ]
    assert [path for path in importers if not path.startswith(RESERVED[package])] == []


def test_every_imported_package_is_declared(find_files: FindFiles) -> None:
    requirements = [requirement for requirement in requires("kallithea") or [] if "extra ==" not in requirement]
    declared = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}
    owners = packages_distributions()
    foreign = (
        set().union(*map(_imports, find_files("kallithea/**/*.py")))
        - sys.stdlib_module_names
        - {"kallithea", "_typeshed"}
        - OPTIONAL.keys()
    )
    undeclared = {name for name in foreign if declared.isdisjoint(owner.lower() for owner in owners.get(name, []))}
    assert undeclared == set()


@pytest.mark.parametrize("package", OPTIONAL)
def test_a_package_of_an_extra_may_be_absent(package: str, find_files: FindFiles, root: Path) -> None:
    extra, owners = OPTIONAL[package]
    pattern = re.compile(rf"{package}\b.*; extra == ['\"]{extra}['\"]", re.IGNORECASE)
    assert any(map(pattern.match, requires("kallithea") or []))
    prefix = owners.replace("/", ".")
    others = [
        path for path in find_files("kallithea/**/*.py") if not path.relative_to(root).as_posix().startswith(owners)
    ]
    needing = [
        path for path in others if package in _imports(path) or any(n.startswith(prefix) for n in _modules(path))
    ]
    assert needing == []


def _modules(path: Path) -> set[str]:
    """Return the full names of all that a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def _imports(path: Path) -> set[str]:
    """Return the top-level packages of these."""
    return {name.split(".")[0] for name in _modules(path)}
