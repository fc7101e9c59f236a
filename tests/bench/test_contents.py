import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.benchmarks.pages.contents import (
    digests_of_archive,
    find_difference,
    find_missing_line,
    links_of,
    text_of,
)
from scripts.benchmarks.pages.targets import Blame, Change, File, Folder, Log, LoggedCommit, Raw
from scripts.benchmarks.truth.patch import Hunk

_PAGE = b"""<html><style>p { color: red }</style><script>var words = "nothing"</script>
<a id="l1" href="#l1">1</a> <span class="k">if</span> (a &lt; b)&nbsp;<b>return</b>;<br>
<a href="/x"><svg></svg> src/</a> <a href="/y">b.c</a></html>"""


def test_text_has_no_markup_no_scripts_and_no_white_space() -> None:
    assert text_of(_PAGE) == "1if(a<b)return;src/b.c"


def test_links_are_known_by_their_words() -> None:
    assert links_of(_PAGE) == {"1", "src", "b.c"}


def test_lines_are_found_whatever_stands_between_them() -> None:
    assert find_missing_line([b"if (a < b) return;", b"", b"b.c"], _PAGE) == ""


@pytest.mark.parametrize(
    "lines",
    [pytest.param([b"if (a < b)", b"missing"], id="absent"), pytest.param([b"b.c", b"if (a < b)"], id="other order")],
)
def test_a_line_is_missed(lines: list[bytes]) -> None:
    assert find_missing_line(lines, _PAGE) == lines[-1].decode()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_a_page_without_one_of_its_lines_is_never_complete(lines: list[str]) -> None:
    unique = [f"{number}:{line}" for number, line in enumerate(lines)]
    page = "\n".join(unique[:-1]).replace("&", "&amp;").replace("<", "&lt;").encode()
    assert find_missing_line([line.encode() for line in unique[:-1]], page) == ""
    assert find_missing_line([line.encode() for line in unique], page) == unique[-1]


def _archive(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for path, data in files.items():
            entry = tarfile.TarInfo(f"prefix-1.0/{path}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def test_archives_are_compared_by_their_files() -> None:
    expected = digests_of_archive(_archive({"a": b"1", "b/c": b"2"}))
    assert find_difference(expected, digests_of_archive(_archive({"b/c": b"2", "a": b"1", "more": b""}))) == ""
    assert find_difference(expected, digests_of_archive(_archive({"a": b"1"}))) == "b'b/c'"
    assert find_difference(expected, digests_of_archive(_archive({"a": b"1", "b/c": b"3"}))) == "the right b'b/c'"


def test_a_torn_archive_is_an_error() -> None:
    with pytest.raises(EOFError):
        digests_of_archive(_archive({"a": b"1" * 10_000})[:-20])


_CHANGED = b'<a>a.c</a><a>b.c</a><a href="/r/changeset/aaaaaaa">a subject</a>'
_COMMIT = LoggedCommit("0123456789" * 4, "A subject that is rather long, so that some servers cut it off")


@pytest.mark.parametrize(
    ("target", "page", "lacks"),
    [
        (Log("f" * 40, b"", (_COMMIT,), 0), b"0123456 A subject that is rather long, so that some servers ...", ""),
        (Log("f" * 40, b"", (_COMMIT,), 0), b"A subject that is rather long, so that some servers ...", "commit"),
        (Log("f" * 40, b"", (_COMMIT,), 0), b"0123456 Another subject", "the subject"),
        (Folder("f" * 40, b"", frozenset({b"a.c", b"src"})), b"<a>a.c</a><a>src/</a>", ""),
        (Folder("f" * 40, b"", frozenset({b"a.c", b"src"})), b"<a>a.c</a> src", "1 of 2 entries"),
        (Folder("f" * 40, b"", frozenset({b"a.c"}), frozenset({"a" * 40})), b"<a>a.c</a>", "1 of 1 last changes"),
        (Folder("f" * 40, b"", frozenset({b"a.c", b"b.c"}), frozenset({"a" * 40})), _CHANGED, "1 last changes"),
        (File("f" * 40, b"a.c", b"one\ntwo\n"), b"1 one 2 two", ""),
        (File("f" * 40, b"a.c", b"one\ntwo\n"), b"1 one 2", "a line: two"),
        (Blame("f" * 40, b"a.c", b"one\n", frozenset({"a" * 40})), b"aaaaaaa one", ""),
        (Blame("f" * 40, b"a.c", b"one\n", frozenset({"a" * 40})), b"one", "1 of 1 commits"),
        (Change("f" * 40, b"", [b"a.c"], [Hunk(b"a.c", added=[b"new"])]), b"a.c +new", ""),
        (Change("f" * 40, b"", [b"a.c"], [Hunk(b"a.c", added=[b"new"])]), b"a.c", "an added line: new"),
        (Change("f" * 40, b"", [b"a.c", b"b.c"], []), b"a.c", "1 of 2 files"),
        (Raw("f" * 40, b"a.c", b"\0\1"), b"\0\1", ""),
        (Raw("f" * 40, b"a.c", b"\0\1"), b"\0", "1 bytes instead of these 2"),
    ],
)
def test_what_an_answer_lacks_is_told(target: File, page: bytes, lacks: str) -> None:
    found = target.find_lack(page)
    assert found.startswith(lacks) if lacks else found == ""
