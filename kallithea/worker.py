"""The Celery door: ``KALLITHEA_INI=FILE celery -A kallithea.worker worker``. ``kallithea celery-run`` starts it, too.

It runs the jobs whose numbers ``kallithea worker`` hands over, with the logging that the .ini describes.
"""

from typing import Any

from kallithea.core.ini import find_ini, read_ini
from kallithea.core.logs import set_up_logging
from kallithea.core.settings import parse_settings
from kallithea.tasks.celery_app import make_celery
from kallithea.tasks.running import JobProcess, add_task, log_by

_INI = read_ini(find_ini(None))
_SETTINGS = parse_settings(_INI.application)

app = make_celery(_SETTINGS, _INI.application)
add_task(app, JobProcess(_SETTINGS))


def _set_up_logging(**_facts: Any) -> None:
    set_up_logging(_INI)


log_by(_set_up_logging)
