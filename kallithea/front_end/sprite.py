"""One file of all icons. A page shows one with `<svg><use href="/icons/icons.svg#NAME"/></svg>`."""

import re
from collections.abc import Iterable
from pathlib import Path

from kallithea.front_end.errors import FrontEndError

_NOTICE = "Icons: npm package @primer/octicons, MIT licence, (c) GitHub Inc. k-mark: Kallithea's own."
_ICON = re.compile(r"<svg\b[^>]*?\bviewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.DOTALL)


def make_sprite(names: Iterable[str], icons: Path, marks: Iterable[Path]) -> str:
    """Make the sprite from the named icons in the folder `icons`, and from the files `marks` under their own names."""
    files = {name: _find_icon(icons, name) for name in names} | {mark.stem: mark for mark in marks}
    symbols = [_symbol(name, file.read_text(encoding="utf-8")) for name, file in sorted(files.items())]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', f"<!-- {_NOTICE} -->", *symbols, "</svg>\n"])


def read_names(text: str) -> list[str]:
    """Read a list of icon names, one a line; `#` starts a comment line."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _find_icon(icons: Path, name: str) -> Path:
    for size in (16, 12):
        if (path := icons / f"{name}-{size}.svg").is_file():
            return path
    raise FrontEndError(f"icons.txt names '{name}', and the package of icons has none of that name.")


def _symbol(name: str, svg: str) -> str:
    match = _ICON.search(svg)
    if match is None:
        raise FrontEndError(f"The icon '{name}' is not an SVG picture with a viewBox.")
    return f'<symbol id="{name}" viewBox="{match[1]}">{match[2].strip()}</symbol>'
