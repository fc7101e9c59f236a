"""The log of a task, line by line."""

from dataclasses import dataclass

from kallithea.services.job_teller import WARNING


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log with its time of day in UTC."""

    at: str
    text: str
    warns: bool


def read_line(line: str) -> LogLine:
    """A line as ``JobTeller`` has written it."""
    at, _blank, text = line.partition(" ")
    return LogLine(at.partition("T")[2].rstrip("Z"), text.removeprefix(WARNING), text.startswith(WARNING))
