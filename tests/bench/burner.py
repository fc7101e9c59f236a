"""A server that starts children which take CPU time: prints what all of them took together, then waits."""

import os
import resource
import sys
import time


def burn(until: float) -> None:
    """Take CPU time until this process has had so many seconds of it."""
    while time.process_time() < until:
        sum(range(1000))


def main(children: int, seconds: float) -> None:
    for _ in range(children):
        child = os.fork()
        if child == 0:
            burn(time.process_time() + seconds)
            os._exit(0)
        os.waitpid(child, 0)
    burn(time.process_time() + seconds)
    taken = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(sum(usage.ru_utime + usage.ru_stime for usage in taken), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
