"""Bundles that would take more memory than a server has."""

import struct
import zlib

from kallithea.vcs.hg.mercurial_setup import bundle2, new_ui


def bundle_of(name: bytes, data: bytes, **parameters: bytes) -> bytes:
    sent = bundle2.bundle20(new_ui())
    part = sent.newpart(name, data=data)
    for parameter, value in parameters.items():
        part.addparam(parameter.encode(), value)
    return b"".join(sent.getchunks())


CHUNK_OF_2_GIB = struct.pack(">i", 0x7FFFFFFF)
HOSTILE = {
    "a changeset": bundle_of(b"changegroup", CHUNK_OF_2_GIB + bytes(200), version=b"02"),
    "the frame of a part": bundle_of(b"changegroup", b"frame", version=b"02").replace(
        struct.pack(">i", 5) + b"frame", CHUNK_OF_2_GIB
    ),
    "the header of a part": b"HG20\0\0\0\0" + CHUNK_OF_2_GIB,
    "keys": bundle_of(b"listkeys", bytes(65 << 20), namespace=b"bookmarks"),
    "keys, compressed once more": b"HG20\0\0\0\x0eCompression=GZ"
    + zlib.compress(bundle_of(b"listkeys", bytes(65 << 20), namespace=b"bookmarks")[8:]),
}
