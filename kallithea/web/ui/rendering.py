"""Mako as Pyramid's renderer: a template gets one frozen ``page`` and the ``shell`` around it, and nothing else."""

import functools
import pathlib
from typing import Any

from mako.lookup import TemplateLookup

from kallithea.web.ui.shell import make_shell

_TEMPLATES = pathlib.Path(__file__).resolve().parents[1]
_IMPORTS = ["from kallithea.web.ui.filters import ago, ago_short, number, plural, size, stat_blocks, visibility_icon"]


@functools.lru_cache
def make_lookup(*, watch: bool = False) -> TemplateLookup:
    """All templates, compiled when first used. Names that do not exist are errors; everything is escaped.

    ``watch``: compile a template again when its file has changed.
    """
    return TemplateLookup(
        directories=[str(_TEMPLATES)],
        imports=_IMPORTS,
        default_filters=["h"],
        strict_undefined=True,
        input_encoding="utf-8",
        filesystem_checks=watch,
    )


class MakoRenderer:
    """Factory of renderers: ``files/file.mako`` is the template of that name below ``kallithea/web``."""

    def __init__(self, lookup: TemplateLookup) -> None:
        self._lookup = lookup

    def __call__(self, info: Any) -> Any:
        """The renderer of one view."""

        def render(page: object, system: dict[str, Any]) -> str:
            template = self._lookup.get_template(f"/{info.name}")
            return str(template.render_unicode(page=page, shell=make_shell(system["request"])))

        return render
