"""Copies of whole repositories that share nothing with what they were copied from but the disk's blocks."""

from collections.abc import Callable
from typing import TypeAlias

#: Told how far a copy is, in percent, and what is being done; what it raises ends the copy, and nothing of it stays.
TellProgress: TypeAlias = Callable[[int, str], None]
