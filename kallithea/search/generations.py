"""Which of several indexes in one folder is asked: a file names it, and is replaced in one step."""

import contextlib
import os
import re
import secrets
import shutil
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{16}")
_POINTER = "current"


class Generations:
    """Names of generations in a folder; what one is made of begins with its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> str | None:
        """The generation that is asked, None where there is none yet."""
        try:
            name = (self.folder / _POINTER).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return name if _NAME.fullmatch(name) else None

    def make_name(self) -> str:
        """A name for a new generation."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return secrets.token_hex(8)

    def switch(self, name: str) -> None:
        """Have the generation asked, and drop the others."""
        self.point_to(name)
        self.drop_others(name)

    def point_to(self, name: str) -> None:
        """Have the generation asked, also after a loss of power."""
        aside = self.folder / f"{_POINTER}.{name}"
        with aside.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / _POINTER)
        with contextlib.closing(_Folder(self.folder)) as opened:
            os.fsync(opened.number)

    def start(self, name: str) -> str:
        """Have the generation asked if none is; the answer is the one that is asked."""
        aside = self.folder / f"{_POINTER}.{name}"
        aside.write_text(name, encoding="ascii")
        try:
            # unlike a rename, this fails where somebody was faster
            os.link(aside, self.folder / _POINTER)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
        return self.current() or name

    def drop_others(self, name: str) -> None:
        """Delete all files and folders of other generations. Who has one open goes on reading it."""
        for entry in self.others(name):
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def others(self, name: str) -> list[Path]:
        """The files and folders of other generations."""
        return [entry for entry in self.folder.iterdir() if _NAME.match(entry.name) and not entry.name.startswith(name)]

    def size(self) -> int:
        """Bytes of all files."""
        if not self.folder.is_dir():
            return 0
        total = 0
        for entry in self.folder.rglob("*"):
            # what was there a moment ago may be gone
            with contextlib.suppress(FileNotFoundError):
                total += entry.stat().st_size if entry.is_file() else 0
        return total


class _Folder:
    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def close(self) -> None:
        os.close(self.number)
