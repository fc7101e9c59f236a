"""Forms with files: what browsers send is read, and nothing grows beyond its limit."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webtest import TestApp as WebTestApp

from kallithea.web import multipart
from kallithea.web.multipart import MultipartError, MultipartForm, read_multipart

KIND = "multipart/form-data; boundary=xYz"


def read(body: bytes, kind: str = KIND, length: int | None = None) -> MultipartForm:
    return read_multipart(io.BytesIO(body), len(body) if length is None else length, kind)


def part(name: str, content: bytes, file_name: str | None = None) -> bytes:
    more = "" if file_name is None else f'; filename="{file_name}"\r\nContent-Type: application/octet-stream'
    return f'--xYz\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


def files(form: MultipartForm) -> list[tuple[str, int, bytes]]:
    return [(one.name, one.size, one.content.read()) for one in form.uploads]


END = b"--xYz--\r\n"


def test_fields_and_files_are_read() -> None:
    body = part("a", "ä\r\n".encode()) + part("f", b"\0\r\n--xY\r\n", "naïve name.bin") + part("e", b"") + END
    form = read(body)
    assert form.fields == {"a": "ä\r\n", "e": ""}
    assert files(form) == [("naïve name.bin", 9, b"\0\r\n--xY\r\n")]
    form.close()


def test_the_length_may_be_unknown() -> None:
    form = read_multipart(io.BytesIO(part("a", b"1") + END), None, KIND)
    assert form.fields == {"a": "1"}


def test_a_field_of_files_that_was_left_empty_is_no_file() -> None:
    assert read(part("f", b"", "") + END).uploads == ()


def test_files_can_be_sought_and_read_in_any_order() -> None:
    one, other = read(part("f", b"first", "1") + part("f", b"second", "2") + END).uploads
    assert other.content.read(3) == b"sec"
    assert one.content.read() == b"first"
    assert other.content.seek(0, io.SEEK_END) == 6
    assert other.content.read() == b""
    other.content.seek(0)
    assert other.content.read() == b"second"
    assert other.content.tell() == 6


def test_names_of_files_are_what_the_browser_meant() -> None:
    names = ['a%22b"'.replace('"', ""), "a\\b", "x; filename=y", "C:\\x\\y"]
    form = read(b"".join(part("f", b"1", name) for name in names) + END)
    assert [one.name for one in form.uploads] == ['a"b', "a\\b", "x; filename=y", "y"]


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=50)), st.binary(max_size=500))
def test_what_webtest_encodes_is_read(fields: dict[str, str], content: bytes) -> None:
    kind, body = WebTestApp(None).encode_multipart(
        [(name, value.encode()) for name, value in fields.items()], [("file", "name", content)]
    )
    form = read(body, kind)
    assert form.fields == fields
    assert files(form) == [("name", len(content), content)]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", KIND, "told apart"),
        (b"x", KIND, "told apart"),
        (part("a", b"1"), KIND, "told apart"),
        (part("a", b"1") + b"--xYz", KIND, "told apart"),
        (b"--xYz\r\n\r\n1\r\n" + END, KIND, "told apart"),
        (b"--xYz\r\nContent-Disposition: form-data\r\n\r\n1\r\n" + END, KIND, "told apart"),
        (b"--xYz\r\nX: " + b"a" * 9000 + b"\r\n" + part("a", b"1")[7:] + END, KIND, "short names"),
        (part("a", b"\xff") + END, KIND, "UTF-8"),
        (part("a", b"1") + END, "multipart/form-data", "where its parts begin"),
        (part("a", b"1") + END, f"multipart/form-data; boundary={'x' * 71}", "where its parts begin"),
        (part("a", b"1") * 201 + END, KIND, "in 200 parts"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str, words: str) -> None:
    with pytest.raises(MultipartError, match=words):
        read(body, kind)


@pytest.mark.parametrize("count", [1, 3, 12, 40])
def test_a_form_that_ends_early_is_refused(count: int) -> None:
    body = part("a", b"1") + part("f", b"2" * 30, "f") + END
    with pytest.raises(MultipartError, match="ended early"):
        read(body[: -count - 2], length=len(body))


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "UPLOAD_LIMIT", 1000)
    monkeypatch.setattr(multipart, "TEXT_LIMIT", 100)
    large = part("f", b"1" * 1001, "f") + END
    untouched = io.BytesIO(large)
    with pytest.raises(MultipartError, match="at most 0 MiB"):
        read_multipart(untouched, len(large), KIND)
    assert untouched.tell() == 0
    with pytest.raises(MultipartError, match="at most 0 MiB"):
        read_multipart(io.BytesIO(large), None, KIND)
    with pytest.raises(MultipartError, match="of text"):
        read(part("a", b"1" * 60) + part("b", b"1" * 60) + END)


@pytest.mark.parametrize("size", [1, 1 << 17])
def test_temporary_files_are_closed_with_the_form(size: int) -> None:
    form = read(part("f", b"1" * size, "f") + END)
    form.close()
    with pytest.raises(ValueError, match="closed file"):
        form.uploads[0].content.read()
