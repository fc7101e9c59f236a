"""The templates of the pages, all of them compiled before the first page is asked for.

So a process shows the pages of its own version, whatever is installed while it runs. What they were compiled to is kept
in files for the next process.
"""

import contextlib
import hashlib
import logging
import os
import pathlib
import shutil
import tempfile

import mako

from kallithea.mail.mako_setup import TemplateLookup
from kallithea.web.ui.shell import VERSION

log = logging.getLogger(__name__)

_IMPORTS = [
    "from kallithea.core.words import _, _n, number",
    "from kallithea.render.spark_svg import draw_bars",
    "from kallithea.render.text import visible",
    "from kallithea.web.reader import size",
    "from kallithea.web.ui.filters import bold_number, element, stat_blocks",
    "from kallithea.web.ui.filters import visibility_icon, visibility_name",
]
# What files do that another process removes, that find no room, or that are damaged.
_UNUSABLE = (OSError, ImportError, SyntaxError, EOFError, ValueError, AttributeError)


class Templates:
    """The templates below a folder. Names that do not exist in them are errors.

    Everything is said in the reader's language and escaped, by the function ``say`` that a template is given.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._loaded: TemplateLookup | None = None

    def watch(self) -> TemplateLookup:
        """Each template as its file is when it is used."""
        return self._look_up(None, watch=True)

    def load(self, kept: pathlib.Path) -> TemplateLookup:
        """All templates as they were when this was asked first.

        ``kept`` has a folder for each version and content, which this one is read from or written to; the others are
        removed: processes that use them have read them. Where it cannot be used, all are compiled in memory.
        """
        if self._loaded is None:
            self._loaded = self._load_kept(kept)
        return self._loaded

    def _load_kept(self, kept: pathlib.Path) -> TemplateLookup:
        version = self._find_version()
        place = kept / version
        try:
            lookup = self._load(place)
        except _UNUSABLE as problem:
            log.warning("Compiled templates are not kept in %s: %s", place, problem)
            shutil.rmtree(place, ignore_errors=True)
            return self._load(None)
        if version != self._find_version():
            # They were changed meanwhile: what is kept is not what its name says.
            shutil.rmtree(place, ignore_errors=True)
        _remove_others(place)
        return lookup

    def _load(self, place: pathlib.Path | None) -> TemplateLookup:
        lookup = self._look_up(place)
        for path in self._paths():
            lookup.get_template(f"/{path.relative_to(self._folder).as_posix()}")
        # There are no others.
        lookup.directories.clear()
        return lookup

    def _look_up(self, place: pathlib.Path | None, *, watch: bool = False) -> TemplateLookup:
        return TemplateLookup(
            directories=[str(self._folder)],
            imports=_IMPORTS,
            default_filters=["context['say']"],
            strict_undefined=True,
            input_encoding="utf-8",
            filesystem_checks=watch,
            module_directory=place and str(place),
            module_writer=_write,
        )

    def _paths(self) -> list[pathlib.Path]:
        return sorted(self._folder.rglob("*.mako"))

    def _find_version(self) -> str:
        """Names what the templates are compiled to: our number, for people, and all that it is made from."""
        made_from = hashlib.blake2b(f"{VERSION} {mako.__version__} {_IMPORTS}".encode(), digest_size=8)
        for path in self._paths():
            content = path.read_bytes()
            made_from.update(f"{path.relative_to(self._folder)} {len(content)} ".encode() + content)
        return f"{VERSION}-{made_from.hexdigest()}"


def _write(source: bytes, path: str) -> None:
    """Write a file that is there only when it is whole, also after a loss of power."""
    handle, aside = tempfile.mkstemp(dir=pathlib.Path(path).parent)
    with os.fdopen(handle, "wb") as file:
        file.write(source)
        file.flush()
        os.fsync(file.fileno())
    pathlib.Path(aside).replace(path)


def _remove_others(place: pathlib.Path) -> None:
    with contextlib.suppress(OSError):
        for other in place.parent.iterdir():
            if other != place:
                shutil.rmtree(other, ignore_errors=True)


#: Those of this package.
TEMPLATES = Templates(pathlib.Path(__file__).resolve().parents[1])
