"""What a client is sent of a push that git does not bring to its end."""

from typing import cast

import pytest

from kallithea.cache.growing_store import LostError
from kallithea.transport.git_push import GitPush, PushOutput
from kallithea.vcs.git.pkt_line import BAND_WORDS, packet
from kallithea.vcs.git.push_request import PushRequest
from kallithea.vcs.git.wire import WireProcess
from kallithea.vcs.types import LimitExceededError

WORDS = packet(BAND_WORDS + b"a word\n")


class Process:
    """Says nothing more: it was killed, or its time is over."""

    def __init__(self, problem: Exception | None) -> None:
        self.problem, self.ended = problem, False

    def read(self) -> bytes:
        if self.problem is not None:
            raise self.problem
        return b""

    def finish(self) -> int:
        return -9

    def kill(self) -> None:
        self.ended = True


class Push:
    def __init__(self) -> None:
        self.settled: list[frozenset[bytes] | None] = []

    def settle(self, accepted: frozenset[bytes] | None) -> None:
        self.settled.append(accepted)


@pytest.mark.parametrize(
    ("problem", "raised"), [(None, LostError), (LimitExceededError("git took too long."), LimitExceededError)]
)
def test_push_that_git_does_not_finish_is_settled_and_does_not_look_whole(
    problem: Exception | None, raised: type[Exception]
) -> None:
    process, push = Process(problem), Push()
    request = PushRequest(b"", (), frozenset({b"report-status", b"side-band-64k"}), signed=False)
    output = PushOutput(cast(WireProcess, process), WORDS, b"", request, cast(GitPush, push))
    assert next(output) == WORDS
    with pytest.raises(raised):
        next(output)
    assert process.ended
    # what was moved is looked for, since git has not told
    assert push.settled == [None]
    output.close()
    assert push.settled == [None]
