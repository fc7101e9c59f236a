"""Reading what a push asks for, and following the report of what was done."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.vcs.git.pkt_line import BAND_DATA, BAND_WORDS, FLUSH, PacketError, PacketSplitter, band, packet
from kallithea.vcs.git.push_request import PushRequest, ReportHolder, ReportReader, read_push_request, refusal
from kallithea.vcs.types import RefUpdate

OLD, NEW, ZERO = "a" * 40, "b" * 40, "0" * 40
REPORT = (
    packet(b"unpack ok\n")
    + packet(b"ok refs/heads/a\n")
    + packet(b"option refname refs/heads/a\n")
    + packet(b"ng refs/heads/b fetch first\n")
    + FLUSH
)


def read(*lines: bytes, pack: bytes = b"PACK") -> PushRequest:
    body = io.BytesIO(b"".join(map(packet, lines)) + FLUSH + pack)
    request = read_push_request(body.read)
    assert body.read() == pack
    return request


def command(old: str, new: str, name: bytes, capabilities: bytes = b"") -> bytes:
    return f"{old} {new} ".encode() + name + (b"\0" + capabilities if capabilities else b"")


def test_commands_and_capabilities() -> None:
    request = read(
        b"shallow " + OLD.encode() + b"\n",
        command(ZERO, NEW, b"refs/heads/new", b" report-status side-band-64k atomic"),
        command(OLD, ZERO, b"refs/heads/gone\n"),
    )
    assert request.updates == (RefUpdate(b"refs/heads/new", None, NEW), RefUpdate(b"refs/heads/gone", OLD, None))
    assert request.side_band
    assert request.wants_report
    assert b"atomic" in request.capabilities


def test_raw_bytes_are_kept_as_they_came() -> None:
    line = command(ZERO, NEW, b"refs/heads/new", b"report-status")
    assert read(line).raw == packet(line) + FLUSH


def test_nothing_is_asked_for_by_a_probe() -> None:
    assert read(pack=b"").updates == ()


def test_signed_push_is_recognised() -> None:
    line = b"push-cert\0 report-status\n"
    assert read_push_request(io.BytesIO(packet(line)).read).signed


@pytest.mark.parametrize(
    "body",
    [b"zzzz", b"0003", b"0001", b"ffff" + b"x" * 65531, packet(b"x y z"), packet(b"0" * 39 + b" " + b"0" * 40 + b" r")],
)
def test_anything_else_is_no_push(body: bytes) -> None:
    with pytest.raises(PacketError):
        read_push_request(io.BytesIO(body + FLUSH).read)


@pytest.mark.parametrize("side_band", [False, True])
@given(sizes=st.lists(st.integers(1, 40), max_size=20))
def test_report_is_read_in_whatever_pieces_it_comes(side_band: bool, sizes: list[int]) -> None:
    capabilities = frozenset({b"report-status", b"side-band-64k"} if side_band else {b"report-status"})
    reader = ReportReader(PushRequest(b"", (), capabilities, signed=False))
    answer = REPORT
    if side_band:
        answer = band(BAND_WORDS, b"hello\n") + band(BAND_DATA, REPORT[:30]) + band(BAND_DATA, REPORT[30:]) + FLUSH
    for size in sizes:
        reader.feed(answer[:size])
        answer = answer[size:]
    reader.feed(answer)
    assert reader.accepted == frozenset({b"refs/heads/a"})


@given(sizes=st.lists(st.integers(1, 40), max_size=20))
def test_report_is_held_back_while_words_pass(sizes: list[int]) -> None:
    holder = ReportHolder(PushRequest(b"", (), frozenset({b"report-status", b"side-band-64k"}), signed=False))
    words = band(BAND_WORDS, b"hello\n") + packet(BAND_DATA) + band(BAND_WORDS, b"again\n")
    report = band(BAND_DATA, REPORT) + band(BAND_WORDS, b"after it\n") + FLUSH
    answer, passed = words + report, b""
    for size in sizes:
        passed += holder.feed(answer[:size])
        answer = answer[size:]
    passed += holder.feed(answer)
    assert (passed, holder.release()) == (words, report)


@pytest.mark.parametrize("answer", [REPORT, b"no pkt-lines", b"00"])
def test_answer_without_channels_is_held_back(answer: bytes) -> None:
    for capabilities in (frozenset({b"report-status"}), frozenset({b"side-band-64k"})):
        holder = ReportHolder(PushRequest(b"", (), capabilities, signed=False))
        assert holder.feed(answer) == b""
        assert holder.release() == answer


def test_nothing_is_known_without_a_report() -> None:
    asked = PushRequest(b"", (), frozenset({b"report-status"}), signed=False)
    assert ReportReader(asked).accepted is None
    reader = ReportReader(asked)
    reader.feed(b"no pkt-lines")
    assert reader.accepted is None
    silent = ReportReader(PushRequest(b"", (), frozenset(), signed=False))
    silent.feed(b"")
    assert silent.accepted is None


def test_refusal_has_a_reason_for_each_ref_and_words_to_be_printed() -> None:
    updates = (RefUpdate(b"refs/heads/-x", None, NEW), RefUpdate(b"refs/heads/a", None, NEW))
    request = PushRequest(b"", updates, frozenset({b"report-status", b"side-band-64k"}), signed=False)
    answer = refusal(request, {b"refs/heads/-x": "bad"}, ["words"])
    lines = list(PacketSplitter().feed(answer))
    assert lines[0] == b"\x02words\n"
    report = b"".join(line[1:] for line in lines[1:])
    assert list(PacketSplitter().feed(report)) == [
        b"unpack ok\n",
        b"ng refs/heads/-x bad\n",
        b"ng refs/heads/a the push was refused as a whole\n",
    ]


def test_options_of_a_push_are_read_with_it() -> None:
    line = command(ZERO, NEW, b"refs/heads/new", b"report-status push-options")
    body = packet(line) + FLUSH + packet(b"skip=tests\n") + packet(b"two words") + FLUSH
    stream = io.BytesIO(body + b"PACK")
    request = read_push_request(stream.read)
    assert (request.options, request.raw, stream.read()) == ((b"skip=tests", b"two words"), body, b"PACK")


@pytest.mark.parametrize("options", [[b"x"] * 101, [b"x" * 60000] * 2, [b"a\0b"]])
def test_options_that_no_hook_could_be_given_are_refused(options: list[bytes]) -> None:
    line = command(ZERO, NEW, b"refs/heads/new", b"push-options")
    body = packet(line) + FLUSH + b"".join(map(packet, options)) + FLUSH
    with pytest.raises(PacketError):
        read_push_request(io.BytesIO(body).read)
