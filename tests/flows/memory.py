"""What a server's processes hold in memory of their own, as Linux counts it."""

import re
import threading
from pathlib import Path

_PROCESSES = Path("/proc")
_READER = b"kallithea.vcs.hg.large_files"
_FIELD = re.compile(r"^(Name|PPid|RssAnon):\s+(\S+)", re.MULTILINE)


def anonymous_memory(parent: int) -> dict[int, int]:
    """RssAnon in kB of each process below ``parent``, itself included.

    Git's processes are not counted, nor those that read a large file of a Mercurial repository and end.
    """
    found = {}
    for folder in _PROCESSES.iterdir():
        if folder.name.isdecimal():
            try:
                if _READER not in (folder / "cmdline").read_bytes():
                    found[int(folder.name)] = dict(_FIELD.findall((folder / "status").read_text()))
            except OSError:
                continue
    family = {parent}
    while more := {pid for pid, status in found.items() if int(status["PPid"]) in family} - family:
        family |= more
    return {
        pid: int(found[pid].get("RssAnon", "0"))
        for pid in family & found.keys()
        if not found[pid]["Name"].startswith("git")
    }


class Watch(threading.Thread):
    """Looks every quarter of a second; ``peak`` is the most that one process held, in kB."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._parent = parent
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.25):
            self.peak = max(self.peak, self.look())

    def look(self) -> int:
        """The most that one process holds now, in kB."""
        return max(anonymous_memory(self._parent).values(), default=0)

    def end(self) -> None:
        self._ended.set()
        self.join()
