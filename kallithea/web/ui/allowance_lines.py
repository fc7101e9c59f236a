"""What somebody may make on the site, and why, as a table has it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.core.words import Text, _
from kallithea.services.allowances import AllowanceReport
from kallithea.web.ui.subjects import name_subject


@dataclass(frozen=True, slots=True)
class AllowanceLine:
    """A line of ``_allowance_lines.mako``: ``because`` names whoever it is allowed as, and is empty if it is not."""

    allowance: Allowance
    allowed: bool
    because: tuple[Text | str, ...]


def make_allowance_lines(reports: Iterable[AllowanceReport]) -> tuple[AllowanceLine, ...]:
    """The lines of all that can be allowed."""
    return tuple(AllowanceLine(report.allowance, report.allowed, tuple(_because(report))) for report in reports)


def _because(report: AllowanceReport) -> Iterable[Text | str]:
    if report.by_level:
        yield _("Administrator")
    yield from (name_subject(kind, name) for kind, name in report.givers)
