"""Prints how often memory was asked for anew while the texts of a long page were made twenty times.

Then RssAnon in kB, before and after a text is freed that is larger than those of pages.
"""

import re
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kallithea.core.memory import return_large_pieces

SIZE, PIECES = 1 << 20, 6


def faults() -> int:
    """What making them takes again, when they were made before."""
    _make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        _make()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _make() -> None:
    pieces = [b"x" * SIZE for _ in range(PIECES)]
    pieces.clear()


def held() -> int:
    found = re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


return_large_pieces()
print(faults())
large = b"x" * (40 << 20)
print(held())
del large
print(held())
