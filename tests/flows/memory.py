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
    return {pid: kilobytes for pid, (name, kilobytes) in _family(parent).items() if not name.startswith("git")}


def git_memory(parent: int) -> list[int]:
    """RssAnon in kB of each of git's processes below ``parent``."""
    return [kilobytes for name, kilobytes in _family(parent).values() if name.startswith("git")]


def _family(parent: int) -> dict[int, tuple[str, int]]:
    """Name and RssAnon in kB of the processes below ``parent``, and of itself."""
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
    return {pid: (found[pid]["Name"], int(found[pid].get("RssAnon", "0"))) for pid in family & found.keys()}


class Watch(threading.Thread):
    """Looks twenty times a second; ``peak`` is the most that one process held, in kB.

    Git's processes are apart: ``git_peak`` is the most that one of them held, ``git_most`` how many there were at once.
    """

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self.peak = self.git_peak = self.git_most = 0
        self._parent = parent
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, self.look())
            git = git_memory(self._parent)
            self.git_peak, self.git_most = max(self.git_peak, *git, 0), max(self.git_most, len(git))

    def look(self) -> int:
        """The most that one process holds now, in kB."""
        return max(anonymous_memory(self._parent).values(), default=0)

    def end(self) -> None:
        self._ended.set()
        self.join()
