"""Compiles the translations: ``kallithea.po``, which people write, to ``kallithea.mo``, which pages read."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kallithea.front_end.errors import FrontEndError

FOLDER = Path(__file__).resolve().parents[1] / "i18n"


def ensure_compiled(folder: Path = FOLDER) -> bool:
    """Compile the catalogs that have changed; tell whether there were any. Raises FrontEndError."""
    changed = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_newer(source)]
    for source in changed:
        _compile(source)
    return bool(changed)


def _is_newer(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.is_file() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    """Write aside and rename: a server that runs sees the old catalog or the new one."""
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    problems = [f"{source}: {message.id!r}: {problem}" for message, found in catalog.check() for problem in found]
    if problems:
        raise FrontEndError("\n".join(problems))
    aside = source.with_name(f".{source.name}.{os.getpid()}")
    with aside.open("wb") as file:
        write_mo(file, catalog)
    aside.replace(source.with_suffix(".mo"))
