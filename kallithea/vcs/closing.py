"""What is open until the end of a ``with`` block."""

import abc
import types
from typing import Self


class Closing(abc.ABC):
    """Closes itself at the end of the block, whatever ends it."""

    @abc.abstractmethod
    def close(self) -> None:
        """Free what is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.close()
