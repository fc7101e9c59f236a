"""Everything that everybody may do, as a table for other programs."""

from kallithea.services.access_export import COLUMNS, AccessRow, list_access
from kallithea.web.answers import Response
from kallithea.web.context import SiteContext
from kallithea.web.csv_files import send_csv
from kallithea.web.request import Request


def export_access(context: SiteContext, request: Request) -> Response:
    """The same table that ``kallithea permission export`` writes."""
    return send_csv("access.csv", COLUMNS, map(_values, list_access(request.application)))


def _values(row: AccessRow) -> tuple[object, ...]:
    return (row.who, row.type, row.path, "yes" if row.private else "no", row.level, row.because)
