"""Lines of logs."""

import json
import logging

from kallithea.core.log_lines import JsonLineFormatter, LineFormatter
from kallithea.core.request_id import REQUEST_ID


def _record() -> logging.LogRecord:
    return logging.LogRecord("kallithea.web", logging.WARNING, "", 1, "two\nlines of %s", ("ada",), None)


def test_a_line_of_text_has_the_name_of_the_request() -> None:
    formatter = LineFormatter("%(request_id)s %(message)s")
    for name, told in (("abcdefgh", "abcdefgh two"), ("", "- two")):
        token = REQUEST_ID.set(name)
        assert formatter.format(_record()).startswith(told)
        REQUEST_ID.reset(token)


def test_a_line_of_json_is_one_object() -> None:
    token = REQUEST_ID.set("abcdefgh")
    line = JsonLineFormatter("ignored").format(_record())
    REQUEST_ID.reset(token)
    found = json.loads(line)
    assert "\n" not in line
    assert found.pop("time")
    assert found.pop("process")
    assert found == {
        "level": "WARNING",
        "logger": "kallithea.web",
        "message": "two\nlines of ada",
        "request_id": "abcdefgh",
    }
