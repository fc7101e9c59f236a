"""Mako as Pyramid's renderer: a template gets one frozen ``page`` and the ``shell`` around it, and nothing else."""

import functools
import pathlib
from typing import Any

from kallithea.mail.mako_setup import TemplateLookup
from kallithea.web.request import Request
from kallithea.web.ui.shell import make_shell

_TEMPLATES = pathlib.Path(__file__).resolve().parents[1]
_IMPORTS = [
    "from kallithea.core.words import _, _n, number",
    "from kallithea.render.spark_svg import draw_bars",
    "from kallithea.render.text import visible",
    "from kallithea.web.ui.filters import bold_number, element, size, stat_blocks",
    "from kallithea.web.ui.filters import visibility_icon, visibility_name",
]


@functools.lru_cache
def make_lookup(*, watch: bool = False) -> TemplateLookup:
    """All templates, compiled when first used. Names that do not exist are errors.

    Everything is said in the reader's language and escaped, by the function ``say`` that a template is given.

    ``watch``: compile a template again when its file has changed.
    """
    return TemplateLookup(
        directories=[str(_TEMPLATES)],
        imports=_IMPORTS,
        default_filters=["context['say']"],
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
            request: Request = system["request"]
            request.response.headers.setdefault("Vary", "Cookie, Accept-Language")
            return str(template.render_unicode(page=page, shell=make_shell(request), say=request.reader.html))

        return render
