"""Files that a web server in front is told to send, instead of their bytes (``send_files_by``).

They lie in the folder of packs, which such a server can read. Nginx takes an address that it serves to nobody else,
Apache a path. Names there are digits, with dots and a plain ending.
"""

import contextlib

from kallithea.cache.file_store import StoredFile
from kallithea.cache.growing_store import GrowingStore, LostError, Reader
from kallithea.services.application import Application

#: A whole file of that size is in the system's hands with one write, whether its client reads or not.
SMALL = 1 << 17
#: Where nginx has the folder of the packs, for itself alone.
INTERNAL_ADDRESS = "/_kallithea_packs/"

#: Name and value.
Header = tuple[str, str]


def find_header(reader: Reader, size: int, send_files_by: str) -> Header | None:
    """What tells the web server in front to send a file; None where it shall not, or would gain nothing."""
    if size <= SMALL or send_files_by == "self":
        return None
    path = reader.find_name()
    if path is None:
        return None
    if send_files_by == "x-accel-redirect":
        return "X-Accel-Redirect", INTERNAL_ADDRESS + path.name
    return "X-Sendfile", str(path)


def hand_over(application: Application, stored: StoredFile) -> Header | None:
    """The same for an entry of another store, which is copied there once: its own file begins with a header.

    None, too, while another process copies it, or where there is no room.
    """
    store, send_files_by = application.packs, application.settings.send_files_by
    if store is None or stored.size <= SMALL or send_files_by == "self":
        return None
    with contextlib.suppress(OSError, LostError):
        _ensure(store, stored)
        reader, production = store.open(stored.key)
        with contextlib.closing(reader):
            if production is None:
                return find_header(reader, stored.size, send_files_by)
            production.give_up()
    return None


def _ensure(store: GrowingStore, stored: StoredFile) -> None:
    reader, production = store.open(stored.key)
    with contextlib.closing(reader):
        if production is None:
            return
        try:
            stored.copy_to(production.fileno())
        except BaseException:
            production.give_up()
            raise
        production.finish()
