"""Tables of comma-separated values, RFC 4180, that commands write."""

import contextlib
import csv
import os
import pathlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import click

from kallithea.core.cells import plain_cell
from kallithea.core.errors import UnavailableError


def write_table(output: pathlib.Path | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write the rows to the file, which appears when it is whole, or to standard output; the answer is their number.

    Raises UnavailableError.
    """
    count = 0
    with _opened(output) as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([plain_cell(_word(value)) for value in row])
            count += 1
    return count


@contextlib.contextmanager
def _opened(output: pathlib.Path | None) -> Iterator[IO[Any]]:
    if output is None:
        with click.open_file("-", "w", encoding="utf-8", errors="backslashreplace") as stream:
            yield stream
        return
    try:
        # only its owner may read it
        handle, aside = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    except OSError as problem:
        raise UnavailableError(f"{output} cannot be written: {problem.strerror}.") from problem
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        pathlib.Path(aside).replace(output)
    except BaseException:
        pathlib.Path(aside).unlink(missing_ok=True)
        raise


def _word(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value
