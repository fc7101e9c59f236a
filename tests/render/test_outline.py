"""What a file declares, line by line."""

import pytest

from kallithea.render.highlight import find_language, tokenize
from kallithea.render.outline import MOST_ENTRIES, find_outline

FILES = {
    "a.py": "class A(B):\n    x = f()\n\n    async def m(self): g()\n\n\n@d\ndef top():\n    pass\nraise ValueError\n",
    "a.c": "int foo(int a);\nstatic int bar(int a)\n{\n    foo(a);\n    return baz(a);\n}\n",
    "a.java": "public class A extends B {\n    int x = f();\n    public void m(int a) {\n        o(a);\n    }\n}\n",
    "a.rb": "class A < B\n  def foo(a)\n    bar(a)\n  end\n  def self.q; end\nend\n",
    "a.go": "func Foo(a int) int {\n\treturn len(a)\n}\n\nfunc (t *T) Meth() {\n\tt.Other()\n}\n",
    "a.js": "class A {\n  m(x) { this.o(x); }\n}\nexport default function g() {}\nconst f = (a) => b(a);\n",
    "a.rs": "impl S {\n    pub fn new() -> S { foo(); S {} }\n}\nfn main() {}\n",
    "a.md": "# Title\n\nwords\n\n## Part\n\nOther\n-----\n```sh\n# no\n```\n",
    "a.rst": "Title\n=====\n\nwords\n\nPart\n----\n\nOther\n=====\n",
    "a.txt": "class A\n",
    "a.json": '{"a": 1}\n',
}
OUTLINES = {
    "a.py": [("A", 1, 6, 0), ("m", 4, 6, 1), ("top", 8, 9, 0)],
    "a.c": [("bar", 2, 6, 0)],
    "a.java": [("A", 1, 6, 0), ("m", 3, 6, 1)],
    "a.rb": [("A", 1, 6, 0), ("foo", 2, 4, 1), ("q", 5, 6, 1)],
    "a.go": [("Foo", 1, 4, 0), ("Meth", 5, 7, 0)],
    "a.js": [("A", 1, 3, 0), ("g", 4, 4, 0)],
    "a.rs": [("S", 1, 3, 0), ("new", 2, 3, 1), ("main", 4, 4, 0)],
    "a.md": [("Title", 1, 11, 0), ("Part", 5, 6, 1), ("Other", 7, 11, 1)],
    "a.rst": [("Title", 1, 8, 0), ("Part", 6, 8, 1), ("Other", 9, 10, 0)],
    "a.txt": [],
    "a.json": [],
}


def outline(name: str, text: str) -> list[tuple[str, int, int, int]]:
    language = find_language(name)
    found = find_outline(tokenize(text, language), text.split("\n"), language.name)
    return [(entry.name, entry.first, entry.last, entry.depth) for entry in found]


@pytest.mark.parametrize("name", FILES)
def test_declarations_and_headings(name: str) -> None:
    assert outline(name, FILES[name]) == OUTLINES[name]


def test_what_is_deep_is_a_detail() -> None:
    text = "".join(f"{'  ' * depth}def f{depth}():\n" for depth in range(6))
    assert [name for name, *_ in outline("a.py", text)] == ["f0", "f1", "f2"]


def test_an_outline_has_a_bound() -> None:
    assert len(outline("a.py", "def f(): pass\n" * (MOST_ENTRIES + 9))) == MOST_ENTRIES
