"""Builds what browsers load: the style sheet, the icon sprite, the editor, and the manifest of all static files."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from kallithea.front_end import npm, sprite, style
from kallithea.front_end.bundle import bundle
from kallithea.front_end.used_styles import keep_used, read_classes

SOURCES = Path(__file__).resolve().parent
PUBLIC = SOURCES.parent / "public"

STYLE = "css/kallithea.css"
ICONS = "icons/icons.svg"
EDITOR = "codemirror/editor.js"
# Path below public/ → hash of the file's content, which pages append to an address so that browsers may keep the file.
MANIFEST = "manifest.json"

_SOURCE_PATTERNS = ("*.py", "*.svg", "*.txt", "package-lock.json", "css/*.css", "editor/*.js")
_STATIC_PATTERNS = ("js/**/*.js", "images/**/*.*")


class FrontEnd:
    """The front end of the folder `public`, made from the folder `sources`."""

    def __init__(self, sources: Path = SOURCES, public: Path = PUBLIC) -> None:
        """Take the folder of the sources and the folder that is served."""
        self.sources = sources
        self.public = public
        self._stamp = sources / "built.stamp"

    def is_current(self) -> bool:
        """Tell whether everything is built, from the sources as they are now."""
        built = all((self.public / path).is_file() for path in (STYLE, ICONS, EDITOR, MANIFEST))
        return built and self._stamp.is_file() and self._stamp.read_text() == self._inputs_hash()

    def ensure_built(self) -> bool:
        """Build unless that is done already; tell whether anything was built. Raises FrontEndError."""
        if self.is_current():
            return False
        inputs = self._inputs_hash()
        npm.ensure_installed(self.sources)
        self._write(ICONS, self._sprite())
        hashes = {path: _file_hash(self.public / path) for path in self._static_paths()}
        self._write(STYLE, self._style(hashes))
        bundle(self.sources / "editor/editor.js", self.sources / "node_modules", (self.public / EDITOR).parent)
        made = [STYLE, ICONS, *self._list("codemirror/*.js")]
        hashes |= {path: _file_hash(self.public / path) for path in made}
        self._write(MANIFEST, json.dumps(hashes, indent=1, sort_keys=True) + "\n")
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

    def _style(self, hashes: dict[str, str]) -> str:
        bootstrap = self.sources / "node_modules/bootstrap/dist/css/bootstrap.min.css"
        classes = read_classes((self.sources / "bootstrap.txt").read_text(encoding="utf-8"))
        theme = [path.read_text(encoding="utf-8") for path in sorted(self.sources.glob("css/*.css"))]
        return style.join_styles(keep_used(bootstrap.read_text(encoding="utf-8"), classes), theme, hashes)

    def _static_paths(self) -> Iterator[str]:
        for pattern in _STATIC_PATTERNS:
            yield from self._list(pattern)

    def _list(self, pattern: str) -> list[str]:
        return [path.relative_to(self.public).as_posix() for path in sorted(self.public.glob(pattern))]

    def _inputs_hash(self) -> str:
        files = [path for pattern in _SOURCE_PATTERNS for path in sorted(self.sources.glob(pattern))]
        files += [self.public / path for path in self._static_paths()]
        return hashlib.sha256("".join(f"{path}:{_file_hash(path)}\n" for path in files).encode()).hexdigest()

    def _write(self, path: str, text: str) -> None:
        """Write aside and rename: a server that runs sees the old file or the new one, never half of one."""
        target = self.public / path
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        aside.write_text(text, encoding="utf-8")
        aside.replace(target)


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
