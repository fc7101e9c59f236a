"""Tables for other programs: comma-separated values, RFC 4180, in UTF-8."""

import csv
import io
import tempfile
import wsgiref.util
from collections.abc import Iterable, Sequence

from kallithea.core.cells import plain_cell
from kallithea.web.answers import Response
from kallithea.web.downloads import content_disposition

_IN_MEMORY = 1 << 20


def send_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The table as a download, which is written aside first: its length is known, so that no part looks like all."""
    spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it is closed when it has been sent
    text = io.TextIOWrapper(spool, "utf-8", errors="backslashreplace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([plain_cell(value) for value in row] for row in rows)
    text.detach()
    size = spool.tell()
    spool.seek(0)
    response = Response(app_iter=wsgiref.util.FileWrapper(spool, 65_536), content_type="text/csv", charset="utf-8")
    response.content_length = size
    response.headers["Content-Disposition"] = content_disposition(name.encode())
    return response
