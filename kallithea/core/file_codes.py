"""Codes that stand for paths of files, which may be too long or no text, and for what lies between two commits."""

import hashlib
import re

_CODE = re.compile(r"[0-9a-f]{32}")


def file_code(path: bytes) -> str:
    """The code of a path."""
    return hashlib.blake2b(path, digest_size=16).hexdigest()


def pair_code(old: str | None, new: str) -> str:
    """The code of the changes between two commits, or from nothing to the second one; shorter than any full id."""
    return hashlib.blake2b(f"{old or ''}..{new}".encode(), digest_size=16).hexdigest()


def is_file_code(text: str) -> bool:
    """Whether this can be the code of a path."""
    return _CODE.fullmatch(text) is not None
