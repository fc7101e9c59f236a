"""Celery's door with the same short waits: ``celery -A tests.tasks.hasty_worker worker``."""

from kallithea.worker import app
from tests.tasks.hasty import hurry

hurry()

__all__ = ["app"]
