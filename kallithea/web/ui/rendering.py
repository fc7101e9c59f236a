"""Mako as Pyramid's renderer: a template gets one frozen ``page`` and the ``shell`` around it, and nothing else."""

from typing import Any

from kallithea.mail.mako_setup import TemplateLookup
from kallithea.web.headers import PAGE_VARY
from kallithea.web.request import Request
from kallithea.web.ui.shell import make_shell


class MakoRenderer:
    """Factory of renderers: ``files/file.mako`` is the template of that name below ``kallithea/web``."""

    def __init__(self, lookup: TemplateLookup) -> None:
        self._lookup = lookup

    def __call__(self, info: Any) -> Any:
        """The renderer of one view."""

        def render(page: object, system: dict[str, Any]) -> str:
            template = self._lookup.get_template(f"/{info.name}")
            request: Request = system["request"]
            request.response.headers.setdefault("Vary", PAGE_VARY)
            return str(template.render_unicode(page=page, shell=make_shell(request), say=request.reader.html))

        return render
