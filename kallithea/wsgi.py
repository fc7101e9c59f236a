"""The WSGI door: what ``use = egg:kallithea`` in an .ini means to every server.

No connection stays open here, so that a server may load the application first and fork its processes afterwards.
"""

import contextlib
import gc
import logging
from typing import TYPE_CHECKING

from kallithea.core.memory import release_memory, return_large_pieces
from kallithea.core.settings import describe_unknown_keys, parse_settings
from kallithea.render.highlight import prepare_usual_languages
from kallithea.services.work import open_application
from kallithea.transport.http import WireApplication
from kallithea.transport.watching import Watch
from kallithea.vcs.opener import import_backends
from kallithea.web.app import make_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

# After so many new objects Python looks for cycles among them. A long page makes thousands that all live until it is
# sent: to look at them after each 700, which is usual, takes a twentieth of its time.
_YOUNG_OBJECTS = 5_000


def make_app(global_config: dict[str, str], **local_config: str) -> "WSGIApplication":
    """The whole site, from ``[DEFAULT]`` and ``[app:main]`` of an .ini. Called by PasteDeploy.

    Raises SettingsError for wrong values. As long as the database is away, or has tables that this program cannot use,
    requests are refused in words.
    """
    values = {**global_config, **local_config}
    settings = parse_settings(values)
    for sentence in describe_unknown_keys(values):
        log.warning("%s", sentence)
    application = open_application(settings)
    # Whatever stands in front asks whether it is there before anybody asks for a page. What is wrong shows then.
    with contextlib.suppress(OSError):
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
    application.owed_check.begin()
    # a connection must not be shared with the processes that the server forks
    application.engine.dispose()
    site = Watch(application, WireApplication(application, make_pages(application, values)))
    prepare_usual_languages()
    import_backends()
    # What is loaded now stays. Collections need not look at it again, nor copy it in processes that are forked later.
    release_memory()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    return_large_pieces()
    return site
