"""Builds what browsers load: all files of `public`, each named by its content, and their manifest."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kallithea.front_end import npm, sprite, style
from kallithea.front_end.bundle import bundle
from kallithea.front_end.used_styles import keep_used, read_classes

SOURCES = Path(__file__).resolve().parent
PUBLIC = SOURCES.parent / "public"

STYLE = "css/kallithea.css"
ICONS = "icons/icons.svg"
EDITOR = "codemirror/editor.js"
# Name of each file → its path below public/, which holds the hash of its content, so that browsers may keep it.
MANIFEST = "manifest.json"

_SOURCE_PATTERNS = ("*.py", "*.svg", "*.txt", "package-lock.json", "css/*.css", "editor/*.js")
_STATIC_PATTERNS = ("js/*.js", "images/*.svg")


class FrontEnd:
    """The front end of the folder `public`, made from the folder `sources`."""

    def __init__(self, sources: Path = SOURCES, public: Path = PUBLIC) -> None:
        """Take the folder of the sources and the folder that is served."""
        self.sources = sources
        self.public = public
        self._stamp = sources / "built.stamp"

    def is_current(self) -> bool:
        """Tell whether everything is built, from the sources as they are now."""
        if not self._stamp.is_file() or self._stamp.read_text() != self._inputs_hash():
            return False
        manifest = self.public / MANIFEST
        return manifest.is_file() and all((self.public / path).is_file() for path in _read(manifest).values())

    def ensure_built(self) -> bool:
        """Build unless that is done already; tell whether anything was built. Raises FrontEndError."""
        if self.is_current():
            return False
        inputs = self._inputs_hash()
        npm.ensure_installed(self.sources)
        files = {self._name(path): path.read_bytes() for path in self._list(_STATIC_PATTERNS)}
        files[ICONS] = self._sprite().encode()
        paths = {name: _path_of(name, content) for name, content in files.items()}
        files[STYLE] = self._style(paths).encode()
        parts = bundle(self.sources / "editor/editor.js", self.sources / "node_modules")
        files |= {f"codemirror/{name}": content for name, content in parts.items()}
        # Parts of the editor import each other by their names, which hold hashes already; only pages name its entry.
        paths |= {name: _path_of(name, files[name]) for name in (STYLE, EDITOR)}
        self._publish(files, {name: paths.get(name, name) for name in files})
        self._stamp.write_text(inputs)
        return True

    def requirements(self) -> list[str]:
        """List the Python packages that a build on this machine needs."""
        ready = self.is_current() or npm.are_installed(self.sources) or npm.find_npm()
        return [] if ready else [npm.NODE_PACKAGE]

    def _sprite(self) -> str:
        names = sprite.read_names((self.sources / "icons.txt").read_text(encoding="utf-8"))
        octicons = self.sources / "node_modules/@primer/octicons/build/svg"
        return sprite.make_sprite(names, octicons, self.sources.glob("*.svg"))

    def _style(self, paths: Mapping[str, str]) -> str:
        bootstrap = self.sources / "node_modules/bootstrap/dist/css/bootstrap.min.css"
        classes = read_classes((self.sources / "bootstrap.txt").read_text(encoding="utf-8"))
        theme = [path.read_text(encoding="utf-8") for path in sorted(self.sources.glob("css/*.css"))]
        return style.join_styles(keep_used(bootstrap.read_text(encoding="utf-8"), classes), theme, paths)

    def _list(self, patterns: tuple[str, ...]) -> Iterator[Path]:
        for pattern in patterns:
            yield from sorted(self.sources.glob(pattern))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.sources).as_posix()

    def _inputs_hash(self) -> str:
        files = (f"{path}:{_hash(path.read_bytes())}\n" for path in self._list(_SOURCE_PATTERNS + _STATIC_PATTERNS))
        return hashlib.sha256("".join(files).encode()).hexdigest()

    def _publish(self, files: Mapping[str, bytes], paths: Mapping[str, str]) -> None:
        """Write the files, then the manifest, and remove what is of another build."""
        for name, content in files.items():
            self._write(paths[name], content)
        self._write(MANIFEST, f"{json.dumps(paths, indent=1, sort_keys=True)}\n".encode())
        for path in self.public.glob("*/[!.]*"):
            if path.relative_to(self.public).as_posix() not in paths.values():
                path.unlink()

    def _write(self, path: str, content: bytes) -> None:
        """Write aside and rename: a server that runs sees the whole file or none."""
        target = self.public / path
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        aside.write_bytes(content)
        aside.replace(target)


def _read(manifest: Path) -> dict[str, str]:
    paths: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return paths


def _path_of(name: str, content: bytes) -> str:
    """`css/kallithea.css` → `css/kallithea-HASH.css`."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{_hash(content)}.{suffix}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
