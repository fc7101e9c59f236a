"""Celery's door with the same handler: ``celery -A tests.tasks.deaf_worker worker``."""

from kallithea.worker import app
from tests.tasks.deaf import be_deaf

be_deaf()

__all__ = ["app"]
