"""The pages of the site as one WSGI application."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pyramid.config import Configurator
from pyramid.tweens import EXCVIEW, INGRESS
from zope.interface import Interface

from kallithea.core.settings import Settings, SettingsError
from kallithea.i18n.languages import Languages
from kallithea.render.issue_links import IssuePatterns, read_issue_patterns
from kallithea.services.application import Application
from kallithea.services.traffic import find_watched, told_path
from kallithea.web import errors
from kallithea.web.headers import SAFE_HEADERS
from kallithea.web.job_notice import JobNotice
from kallithea.web.pages import Pages, add_page
from kallithea.web.request import Request
from kallithea.web.security import SecurityPolicy
from kallithea.web.sessions import session_options
from kallithea.web.static import PUBLIC, StaticFiles
from kallithea.web.transaction import Traverser
from kallithea.web.ui.rendering import MakoRenderer
from kallithea.web.ui.shell import load_assets
from kallithea.web.ui.templates import TEMPLATES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

log = logging.getLogger(__name__)

FEATURES = (
    "home",
    "search",
    "sign_in",
    "my_account",
    "repositories",
    "imports",
    "repository_groups",
    "repository_settings",
    "permissions",
    "allowances",
    "summary",
    "statistics",
    "files",
    "edits",
    "archives",
    "changelog",
    "changesets",
    "compare",
    "branches",
    "forks",
    "followers",
    "journal",
    "feeds",
    "notifications",
    "tasks",
    "users",
    "user_groups",
    "site_settings",
    "audit",
    "system",
    "jobs",
)


def make_pages(application: Application, values: Mapping[str, str]) -> "WSGIApplication":
    """Everything that browsers see. ``values`` is the .ini, for the options that Beaker reads itself and for patterns.

    Raises SettingsError.
    """
    settings = application.settings
    config = Configurator(request_factory=Request, root_factory=_Root)
    config.registry.assets = load_assets(PUBLIC)
    attach(config.registry, application, values)
    lookup = TEMPLATES.watch() if settings.debug else TEMPLATES.load(settings.cache_dir / "templates")
    config.add_renderer(".mako", MakoRenderer(lookup))
    config.set_security_policy(SecurityPolicy())
    config.add_traverser(Traverser, Interface)
    config.add_tween("kallithea.web.headers.headers_tween", under=INGRESS, over=EXCVIEW)
    config.add_tween("kallithea.web.transaction.unit_tween", under=EXCVIEW)
    config.include(errors)
    add_features(config)
    pages = LastResort(config.make_wsgi_app())
    return StaticFiles(pages, config.registry.assets.paths) if settings.static_files else pages


def attach(registry: Any, application: Application, values: Mapping[str, str]) -> None:
    """Let the pages be of this application. Raises SettingsError."""
    registry.application = application
    registry.job_notice = JobNotice()
    registry.languages = open_languages(application.settings)
    registry.issue_patterns = read_issue_patterns(values)
    registry.version = _version_of_pages(
        application.settings, registry.assets.paths, registry.issue_patterns, registry.languages.version
    )
    registry.session_options = session_options(values, application.settings)


def add_features(config: Any) -> None:
    """Make the pages of all features known."""
    config.registry.pages = Pages()
    config.add_directive("add_page", add_page, action_wrap=False)
    for feature in FEATURES:
        config.include(f"kallithea.web.{feature}.routes")


def open_languages(settings: Settings) -> Languages:
    """The languages of the pages. Raises SettingsError where the one of the .ini is none of them."""
    languages = Languages()
    # All catalogs are read now: later, those of another version may lie there.
    known = [language.tag for language in languages.all]
    if languages.find(settings.language) is None:
        raise SettingsError(
            f"i18n.lang = {settings.language}: there is no catalog for this language; there are: {', '.join(known)}."
        )
    return languages


def _version_of_pages(settings: Settings, assets: Mapping[str, str], patterns: IssuePatterns, languages: str) -> str:
    """What pages look like beside what they show: settings, secret ones left out, static files and catalogs."""
    looks = f"{settings!r} {sorted(assets.items())} {patterns!r} {languages}"
    return hashlib.blake2b(looks.encode(), digest_size=8).hexdigest()


class LastResort:
    """The outermost loop of a request: whatever fails in here, even the page for failures, ends in a few words."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request."""
        try:
            return self._application(environ, start_response)
        except Exception:
            path = told_path(find_watched(environ), str(environ.get("PATH_INFO", "")))
            log.exception("%s %s failed", environ.get("REQUEST_METHOD"), path)
            body = b"Something broke on our side. Nothing was changed.\n"
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
            start_response("500 Internal Server Error", [*headers, *SAFE_HEADERS.items()])
            return [body]


class _Root:
    """Where traversal would begin; what a path leads to is found by the tween."""

    def __init__(self, request: Request) -> None:
        pass
