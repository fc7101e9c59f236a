"""What a Mercurial repository elsewhere, or a client that pushes, may have this process hold in memory at once.

Mercurial reads pieces as long as the other side says, up to 2 GiB each, whatever they were before they were
decompressed. Here the length is judged first, and decompressors are fed by sips: a few bytes can become many.
"""

import io
import struct
from collections.abc import Callable, Iterator
from typing import Any

from kallithea.core.memory import return_free_memory
from kallithea.core.words import _
from kallithea.vcs.hg.mercurial_setup import bundle2, error, util
from kallithea.vcs.remote import RemoteError

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import changegroup, exchange

#: Bytes of the largest piece, which may be a whole version of a file.
MOST_AT_ONCE = 256 << 20
#: Bytes of what Mercurial reads whole whatever its length: answers but histories, and all such parts of a bundle.
MOST_WHOLE = 64 << 20

_CHUNK = 65536
# What is longer is read by such pieces.
_PIECE = 1 << 20
# After so many bytes of them, what is free goes back.
_RELEASED = 8 << 20
# Of these, zstd makes 64 MiB at most, bzip2 less.
_SIP = 2048
_FRAME = struct.Struct(">i")


class OversizeError(RemoteError):
    """The other side sends more than ``most`` bytes in one piece."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("The other site sends more than %(number)s MiB in one piece, which is not read here.", number=most >> 20)
        )
        self.most = most


class BoundedStream:
    """A stream of which nothing is read that is too large. Raises OversizeError."""

    def __init__(self, stream: Any, whole: "Whole | None" = None) -> None:
        self._stream = stream
        self._whole = whole or Whole()
        self._unreleased = 0

    def read(self, size: int | None = None) -> bytes:
        """So many bytes, or all that are left."""
        if size is None:
            return self._whole.read(self._stream.read)
        if size > MOST_AT_ONCE:
            raise OversizeError(MOST_AT_ONCE)
        return bytes(self._stream.read(size)) if size <= _PIECE else self._read_by_pieces(size)

    def _read_by_pieces(self, size: int) -> bytes:
        """The same with less memory: Mercurial gathers the pieces of the network in a list, and then joins them."""
        gathered = io.BytesIO()
        while (left := size - gathered.tell()) and (piece := self._stream.read(min(left, _PIECE))):
            gathered.write(piece)
        self._unreleased += gathered.tell()
        if self._unreleased >= _RELEASED:
            # What was made of pieces before it, to compress them, is free by now.
            return_free_memory()
            self._unreleased = 0
        return gathered.getvalue()

    def unbufferedread(self, size: int) -> bytes:
        """At most so many bytes: what decompressors ask for."""
        return bytes(self._stream.read(min(size, _SIP)))

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(_CHUNK), b"")

    def tell(self) -> int:
        """How many bytes have been read."""
        return int(self._stream.tell())

    def close(self) -> None:
        """Close what is read from."""
        self._stream.close()


class Whole:
    """What is read whole, all of it together in bounds."""

    def __init__(self) -> None:
        self._size = 0

    def read(self, read: Callable[[int], bytes]) -> bytes:
        """All that there is. Raises OversizeError."""
        chunks = []
        while chunk := read(_CHUNK):
            self._size += len(chunk)
            if self._size > MOST_WHOLE:
                raise OversizeError(MOST_WHOLE)
            chunks.append(chunk)
        return b"".join(chunks)


class BoundedPipe(util.bufferedinputpipe):  # type: ignore[misc]  # Mercurial has no types
    """What comes from the standard output of a process."""

    def _fillbuffer(self, *arguments: int) -> Any:
        if self._lenbuf > MOST_AT_ONCE:
            raise OversizeError(MOST_AT_ONCE)
        return super()._fillbuffer(*arguments)


def bound_bundles(peer: Any) -> None:
    """Have a peer hand out nothing but histories that are read within the bounds."""
    for name in ("getbundle", "changegroup", "changegroupsubset"):
        setattr(peer, name, _bounding(getattr(peer, name)))


def _bounding(ask: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments, **options: bounded(ask(*arguments, **options))


def read_bundle(ui: Any, file: Any, name: bytes | None) -> Any:
    """What ``exchange.readbundle`` does, within the bounds."""
    return bounded(exchange.readbundle(ui, BoundedStream(file), name))


def bounded(bundle: Any) -> Any:
    """The bundle, from now on read within the bounds. Raises Abort for one that does not consist of changes."""
    if isinstance(bundle, bundle2.unbundle20):
        bundle._fp = BoundedStream(bundle._fp)  # noqa: SLF001 - there is no other way
        bundle.iterparts = lambda seekable=False: _iterate_parts(bundle)  # noqa: ARG005 - Mercurial's own name
    elif isinstance(bundle, changegroup.cg1unpacker):
        bundle._stream = BoundedStream(bundle._stream)  # noqa: SLF001
    else:
        raise error.Abort(b"this kind of bundle is not read here")
    return bundle


def _iterate_parts(bundle: Any) -> Iterator[Any]:
    """What ``unbundle20.iterparts`` does, within the bounds."""
    bundle.params  # noqa: B018 - reads them, and with them how the rest is compressed
    stream = bundle._fp = BoundedStream(bundle._compengine.decompressorreader(bundle._fp))  # noqa: SLF001
    whole = Whole()
    while (header := bundle._readpartheader()) is not None:  # noqa: SLF001
        part = bundle2.unbundlepart(bundle.ui, header, stream)
        part._payloadstream = BoundedStream(util.chunkbuffer(_read_frames(stream)), whole)  # noqa: SLF001
        yield part
        part.consume()


def _read_frames(stream: BoundedStream) -> Iterator[bytes]:
    """The content of a part. What interrupts it is always an error of the other side."""
    while size := _FRAME.unpack(changegroup.readexactly(stream, _FRAME.size))[0]:
        if size < 0:
            raise error.OutOfBandError
        yield changegroup.readexactly(stream, size)
