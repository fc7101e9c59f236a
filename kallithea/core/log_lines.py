"""Formatters of lines in logs, for the section of the .ini: text, and JSON with one object to a line."""

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from kallithea.core.request_id import REQUEST_ID

_FIELDS = ("asctime", "levelname", "name", "process", "message")


class LineFormatter(logging.Formatter):
    """Text, in whose format ``%(request_id)s`` may stand."""

    def format(self, record: logging.LogRecord) -> str:
        """A line; where there is no request, a dash stands for it."""
        record.request_id = REQUEST_ID.get() or "-"
        return super().format(record)


class JsonLineFormatter(JsonFormatter):
    """An object with the time in UTC, the level, the logger, the process, the message and the request."""

    def __init__(self, *_arguments: Any, **_keywords: Any) -> None:
        super().__init__(
            list(_FIELDS),
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            timestamp=False,
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """The fields of a line; ``request_id`` only where there is a request."""
        super().add_fields(log_data, record, message_dict)
        request_id = REQUEST_ID.get()
        if request_id:
            log_data["request_id"] = request_id
