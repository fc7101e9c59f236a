"""How long things lie in the trash, and under which names."""

import datetime

#: Folder in the repository folder, on the same file system.
TRASH = ".trash"
KEPT = datetime.timedelta(days=30)

_TIME = "%Y%m%dT%H%M%S.%fZ"
_LONGEST_NAME = 60


def name_at(time: datetime.datetime) -> str:
    """What the names of things begin with that went into the trash at a time; in the order of times."""
    return time.strftime(_TIME)


def name_in_trash(folder: str, time: datetime.datetime) -> str:
    """How a folder is called in the trash that goes there at a time."""
    return f"{name_at(time)}-{folder.replace('/', '-')[:_LONGEST_NAME]}"
