"""Logging of the commands that run for long."""

import logging.config

from kallithea.core.ini import Ini, places


def set_up_logging(ini: Ini) -> None:
    """Log as the sections ``[loggers]``, ``[handlers]`` and ``[formatters]`` of the .ini say, if it has them."""
    if ini.logging:
        defaults = places(ini.path)
        logging.config.fileConfig(ini.path, defaults=defaults, disable_existing_loggers=False, encoding="utf-8")
