"""Prints RssAnon in kB: before threads allocate in small pieces, after they have freed most, and after a release."""

import re
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kallithea.core.memory import release_memory


def held() -> int:
    found = re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


KEPT: list[bytearray] = []


def allocate() -> None:
    """Much is freed, and the last piece, which is kept, lies above it."""
    pieces = [bytearray(4000) for _ in range(10_000)]
    KEPT.append(bytearray(4000))
    pieces.clear()


print(held())
for _ in range(2):
    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()
print(held())
release_memory()
print(held())
