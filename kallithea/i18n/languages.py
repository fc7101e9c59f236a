"""The languages that there are catalogs for. Each is a folder beside this file, named like its tag: ``pt_BR``."""

import functools
import gettext
import pathlib
from dataclasses import dataclass, field

from kallithea.core.words import Catalog, _

#: The name of the catalogs' files.
DOMAIN = "kallithea"

#: The language that the sources are written in.
ENGLISH = "en"

FOLDER = pathlib.Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Language:
    """A language. ``tag`` is as in HTML, such as ``pt-BR``; ``name`` is its own word for itself."""

    tag: str
    name: str
    catalog: Catalog = field(repr=False, compare=False)


@dataclass(frozen=True)
class Languages:
    """All languages of a folder, English first. A catalog is read when its language is first used."""

    folder: pathlib.Path = FOLDER

    @functools.cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags of all languages."""
        found = self.folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
        return (ENGLISH, *sorted(path.parent.parent.name.replace("_", "-") for path in found))

    @functools.cached_property
    def version(self) -> str:
        """Differs when a catalog has come, gone or changed."""
        states = [(tag, self._path(tag).stat()) for tag in self.tags if tag != ENGLISH]
        return repr([(tag, state.st_mtime_ns, state.st_size) for tag, state in states])

    def find(self, tag: str) -> Language | None:
        """The language with this tag, whatever its case."""
        known = {one.lower(): one for one in self.tags}.get(tag.replace("_", "-").lower())
        return self._load(known) if known is not None else None

    @functools.cached_property
    def all(self) -> tuple[Language, ...]:
        """Every language, for a menu. Reads all catalogs."""
        return tuple(self._load(tag) for tag in self.tags)

    @functools.cache  # noqa: B019 - a process has one of these
    def _load(self, tag: str) -> Language:
        if tag == ENGLISH:
            return Language(tag, str(_OWN_NAME), gettext.NullTranslations())
        with self._path(tag).open("rb") as file:
            catalog = gettext.GNUTranslations(file)
        return Language(tag, _find_own_name(catalog) or tag, catalog)

    def _path(self, tag: str) -> pathlib.Path:
        return self.folder / tag.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.mo"


# Translators: the name of the language that you translate to, in that language, such as Deutsch
_OWN_NAME = _("English")


def _find_own_name(catalog: Catalog) -> str | None:
    """What a catalog calls its language, None if it does not say."""
    name = _OWN_NAME.say(catalog)
    return name if name != _OWN_NAME else None
