"""The pages of one site after the other.

Configuring them takes a sixth of a second, and what they know of an application is a few values.
"""

from typing import Any

from kallithea.services.application import Application
from kallithea.web.app import attach, make_pages

#: What was configured in this process, by the settings that decide about that.
_MADE: dict[tuple[bool, bool, bool], Any] = {}


def share_pages(application: Application) -> Any:
    """The pages, which are of this application from now on: for the one site of a test."""
    settings = application.settings
    configured = (settings.debug, settings.static_files, settings.use_htsts)
    if configured not in _MADE:
        _MADE[configured] = make_pages(application, {})
    pages = _MADE[configured]
    attach(_find_registry(pages), application, {})
    return pages


def _find_registry(pages: Any) -> Any:
    """Of Pyramid's application, which lies below those around it."""
    while not hasattr(pages, "registry"):
        pages = pages._application
    return pages.registry
