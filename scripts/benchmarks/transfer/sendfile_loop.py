"""The least that sending a file can cost: a server that reads a request and has the kernel send the same file.

python -m scripts.benchmarks.transfer.sendfile_loop PORT FILE
"""

import os
import socketserver
import sys
from pathlib import Path

_MOST = 1 << 30


class SendFile(socketserver.StreamRequestHandler):
    """Answers one request, whatever it is. The server's ``file`` is what it sends."""

    server: "FileServer"

    def handle(self) -> None:
        """See ``socketserver.BaseRequestHandler``."""
        length = 0
        while (line := self.rfile.readline()).strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        self.rfile.read(length)
        with self.server.file.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size)
            offset = 0
            while offset < size:
                offset += os.sendfile(self.connection.fileno(), file.fileno(), offset, _MOST)


class FileServer(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, file: Path) -> None:
        super().__init__(("127.0.0.1", port), SendFile)
        self.file = file


if __name__ == "__main__":
    FileServer(int(sys.argv[1]), Path(sys.argv[2])).serve_forever()
