"""The history of the demo repositories: a small program about tides, with what a browser of repositories should show.

Branches that were merged and one that was not, tags, bookmarks, a rename, a deletion, a picture, a file name beyond
ASCII, and for Mercurial a named branch that is closed. The same every time, so that commit ids are the same too.
"""

import datetime
from dataclasses import replace

from kallithea.vcs.drafts import CommitDraft, HistoryDraft

_MARLA = "Marla Ostrow <marla@example.org>"
_IDRIS = "Idris Kvam <idris@example.org>"
_SUNITA = "Sunita Räsänen <sunita@example.org>"

_START = datetime.datetime(2025, 3, 3, 9, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


_README = """\
Tidewatch
=========

Tells when the water is high at a harbour, from its harmonic constituents.

::

    $ python -m tidewatch kilvik 2025-06-01
    01:12  low    0.4 m
    07:24  high   2.1 m
    13:40  low    0.3 m
    19:51  high   2.2 m

The tables are for learning how tides work. **Do not navigate by them.**
"""

_README_LATER = (
    _README
    + """
Harbours
--------

Each file in ``harbours/`` is one harbour:

====================  =============================================
column                meaning
====================  =============================================
``constituent``       name, such as ``M2``
``amplitude``         metres
``phase``             degrees after the moon's passage at Greenwich
====================  =============================================

See ``docs/`` for the mathematics, and ``CHANGES.txt`` for what is new.
"""
)

_TIDES = '''\
"""Height of the tide as a sum of cosines."""

import math
from dataclasses import dataclass

SPEEDS = {"M2": 28.984, "S2": 30.0, "K1": 15.041, "O1": 13.943}


@dataclass(frozen=True)
class Constituent:
    """One wave: metres, and degrees after Greenwich."""

    name: str
    amplitude: float
    phase: float

    def height(self, hours):
        angle = SPEEDS[self.name] * hours - self.phase
        return self.amplitude * math.cos(math.radians(angle))


def height(constituents, hours):
    """Metres above mean sea level so many hours after the beginning of 2000."""
    return sum(wave.height(hours) for wave in constituents)
'''

_TURNS = '''

def turns(constituents, start, end, step=0.1):
    """Moments at which the water turns: pairs of hours and height."""
    hours = start
    before, now = height(constituents, hours - step), height(constituents, hours)
    while hours < end:
        after = height(constituents, hours + step)
        if (now - before) * (after - now) < 0:
            yield hours, now
        before, now, hours = now, after, hours + step
'''

_MAIN = '''\
"""python -m tidewatch HARBOUR DATE"""

import sys

from tidewatch.harbour import load
from tidewatch.tides import turns


def main(harbour, date):
    for hours, metres in turns(load(harbour), *day(date)):
        print(f"{clock(hours)}  {metres:.1f} m")


if __name__ == "__main__":
    main(*sys.argv[1:])
'''

_HARBOUR = '''\
"""Reading the constituents of a harbour."""

import csv
import pathlib

from tidewatch.tides import Constituent

FOLDER = pathlib.Path(__file__).parent.parent / "harbours"


def load(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return [Constituent(*row) for row in csv.reader(file)]
'''

_HARBOUR_FIXED = _HARBOUR.replace(
    "        return [Constituent(*row) for row in csv.reader(file)]\n",
    "        rows = csv.DictReader(file)\n"
    '        return [Constituent(r["constituent"], float(r["amplitude"]), float(r["phase"])) for r in rows]\n',
)

_KILVIK = "constituent,amplitude,phase\nM2,0.912,143.2\nS2,0.301,181.0\nK1,0.064,172.5\nO1,0.031,21.9\n"
_LUND = "constituent,amplitude,phase\nM2,0.077,291.4\nS2,0.021,244.8\nK1,0.009,120.0\n"

_WAVES = """\
<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" viewBox="0 0 320 120">
  <path d="M0 60 C 40 10, 40 10, 80 60 S 120 110, 160 60 S 200 10, 240 60 S 280 110, 320 60"
        fill="none" stroke="#2c6e9b" stroke-width="4"/>
</svg>
"""

_NOTES = "The four largest waves make nine tenths of the tide.\nM2 is the moon's, S2 the sun's.\n"
_NOTES_LATER = _NOTES + "K1 and O1 come once a day: they make one high water higher than the other.\n"

# A picture of one blue pixel.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63d0c99b0d"
    "0001ff01364fe0c5240000000049454e44ae426082"
)


def _commit(
    label: str, days: int, author: str, message: str, files: dict[str, str | bytes | None], *parents: str
) -> CommitDraft:
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return CommitDraft(label, author, _START + datetime.timedelta(days=days), message, contents, parents)


_COMMITS = (
    _commit("begin", 0, _MARLA, "Begin with a description", {"README.rst": _README}),
    _commit(
        "tides",
        1,
        _MARLA,
        "Add the height of the tide\n\nFour constituents are enough; the others are\nmillimetres at most.\n",
        {"tidewatch/__init__.py": "", "tidewatch/tides.py": _TIDES},
        "begin",
    ),
    _commit(
        "harbours",
        2,
        _IDRIS,
        "Read harbours from CSV files",
        {"tidewatch/harbour.py": _HARBOUR, "harbours/kilvik.csv": _KILVIK},
        "tides",
    ),
    _commit("notes", 3, _SUNITA, "Notes on the constituents", {"notes.txt": _NOTES}, "tides"),
    _commit(
        "turns",
        4,
        _SUNITA,
        "Find the moments when the water turns",
        {"tidewatch/tides.py": _TIDES + _TURNS},
        "notes",
    ),
    _commit(
        "merge-turns",
        5,
        _MARLA,
        "Merge the search for turning water",
        {"tidewatch/tides.py": _TIDES + _TURNS, "notes.txt": _NOTES},
        "harbours",
        "turns",
    ),
    _commit("command", 7, _MARLA, "Add the command", {"tidewatch/__main__.py": _MAIN}, "merge-turns"),
    _commit(
        "numbers",
        8,
        _IDRIS,
        "Fix amplitudes that were read as text",
        {"tidewatch/harbour.py": _HARBOUR_FIXED},
        "command",
    ),
    _commit(
        "picture",
        10,
        _SUNITA,
        "A picture of waves, and an icon",
        {"docs/waves.svg": _WAVES, "docs/icon.png": _PIXEL},
        "numbers",
    ),
    replace(
        _commit(
            "move",
            11,
            _SUNITA,
            "Move the notes to the documentation",
            {"notes.txt": None, "docs/constituents.txt": _NOTES},
            "picture",
        ),
        copies={"docs/constituents.txt": "notes.txt"},
    ),
    _commit("second-harbour", 13, _IDRIS, "Add Lund-på-Øen", {"harbours/lund-på-øen.csv": _LUND}, "move"),
    _commit("daily", 14, _SUNITA, "Explain the daily waves", {"docs/constituents.txt": _NOTES_LATER}, "move"),
    _commit(
        "merge-daily",
        15,
        _MARLA,
        "Merge the documentation",
        {"docs/constituents.txt": _NOTES_LATER},
        "second-harbour",
        "daily",
    ),
    _commit(
        "changes",
        16,
        _MARLA,
        "Describe the format of harbours",
        {"README.rst": _README_LATER, "CHANGES.txt": "1.0\n  First release.\n"},
        "merge-daily",
    ),
    replace(
        _commit("table", 17, _IDRIS, "Try a table of all heights", {"tidewatch/table.py": "HEIGHTS = {}\n"}, "numbers"),
        branch="tables",
    ),
    replace(
        _commit(
            "table-end",
            18,
            _IDRIS,
            "Give up the table: computing is fast enough",
            {"tidewatch/table.py": None},
            "table",
        ),
        branch="tables",
        closes_branch=True,
    ),
    _commit(
        "finer",
        20,
        _SUNITA,
        "Search turns in finer steps",
        {"tidewatch/tides.py": (_TIDES + _TURNS).replace("step=0.1", "step=0.02")},
        "changes",
    ),
)

HISTORY = HistoryDraft(
    commits=_COMMITS,
    tagger=_MARLA,
    tagged=_START + datetime.timedelta(days=16, minutes=20),
    git_branches={"main": "changes", "finer-steps": "finer", "tables": "table-end"},
    bookmarks={"finer-steps": "finer", "released": "changes"},
    tags={"v0.1": "numbers", "v1.0": "changes"},
)
