"""Values that are written to break out of where they are shown: for every place in which somebody can write something.

Each begins with a word of its own, so that a test can tell that it was seen.
"""

import json

from kallithea.vcs.types import Kind
from tests.factories.repositories import Content, Submodule, Symlink

#: What a browser must neither do nor make an element or attribute of.
ATTACK = (
    "\"'><evil-tag evil-name=1 onfocus=hacked() autofocus tabindex=1></evil-tag>"
    "<script>hacked()</script><img src=x onerror=hacked()><svg/onload=hacked()>"
    "</textarea></title></style><iframe srcdoc='<script>parent.hacked()</script>'></iframe>"
    "javascript:hacked() ${7919*7907} {{7919*7907}} \u202e\u2066&lt;script&gt;hacked()&lt;/script&gt;"
)
#: The same as far as names of files and refs can have it, in both kinds of repositories.
NAME = b"\"'><evil-tag evil-name=1 onfocus=hacked() autofocus><img src=x onerror=hacked()>\xe2\x80\xae\xff{7919*7907}"
REF = b"\"'><evil-tag/evil-name=1/onfocus=hacked()><svg/onload=hacked()>\xe2\x80\xae${(7919).__mul__(7907)}"

#: Words that begin values, each of which some page shows, in repositories of both kinds.
SHOWN = frozenset(
    """evil-repository evil-group evil-description evil-about-group evil-site evil-fork evil-folder evil-file evil-link
    evil-branch evil-label-of evil-author evil-message evil-first evil-body evil-readme evil-picture evil-badge
    evil-restructured evil-cell evil-source evil-output evil-svg evil-html evil-line evil-old-line evil-module
    evil-target evil-label evil-value evil-issue evil-words evil-words-of-fork evil-merged evil-task evil-import
    evil-remote evil-answer evil-there evil-reason evil-deleted evil-remover evil-crew evil-about-crew
    evil-other-name evil-other-mail""".split()
)

#: What an operator may write, and what a message then makes of it.
VALUES = {
    "issue_pat": r"BUG-(\S+)",
    "issue_server_link": r"https://bugs.example/\1",
    "issue_sub": r"evil-issue \1",
}
#: Of people, groups and repositories, where a slash is no part of a name.
ROW = "\"'><evil-tag evil-name=1 onfocus=hacked() autofocus><img src=x onerror=hacked()>"
TITLE = f"evil-site {ROW}"
#: Another site, to which no page may lead a browser by itself.
OUTSIDE = "https://outside.example"

_MARKDOWN = f"""# evil-readme {ATTACK}

{ATTACK}

<script>hacked()</script><style>*{{display:none}}</style><base href={OUTSIDE}/>

<link rel=stylesheet href={OUTSIDE}/x.css>

<iframe src={OUTSIDE}/x></iframe><object data={OUTSIDE}/x></object><embed src={OUTSIDE}/x>

<video src={OUTSIDE}/x autoplay></video>

<form action={OUTSIDE}/x><input name=x><button formaction={OUTSIDE}/y>Sign in</button></form>

<a href='javascript:hacked()' onclick=hacked() style='position:fixed;inset:0'>a</a> [b](javascript:hacked())
[c](data:text/html,<script>hacked()</script>) [d](vbscript:hacked()) [e](//outside.example/x) <javascript:hacked()>

![evil-picture {ATTACK}]({OUTSIDE}/x.png) ![f](data:image/svg+xml,<svg/onload=hacked()>) <img srcset='{OUTSIDE}/x 2x'>
[![evil-badge]({OUTSIDE}/badge.png)](https://example.org/) ![relative](picture.svg)

<math><mtext><table><mglyph><style><img src=x onerror=hacked()></style></mglyph></table></mtext></math>
<svg><animate onbegin=hacked()><set attributeName=href to=javascript:hacked()>
<foreignObject><p>x</p></foreignObject></svg>
<details open ontoggle=hacked()>x</details><meta http-equiv=refresh content="0;url={OUTSIDE}/">
<div id=main class=k-top data-part={OUTSIDE}/x data-find=x contenteditable>x</div>

```evil"'><evil-tag>
{ATTACK}
```

| {ATTACK.replace("|", "")} | b |
|---|---|
| x | y |

"""

_RESTRUCTURED = f"""evil-restructured
=================

{ATTACK}

.. raw:: html

   <script>hacked()</script>

.. include:: /etc/passwd
.. csv-table:: x
   :file: /etc/passwd
.. image:: {OUTSIDE}/x.png
   :target: javascript:hacked()
   :alt: {ATTACK}
.. image:: javascript:hacked()
.. figure:: {OUTSIDE}/x.swf
.. class:: k-top

`a <javascript:hacked()>`_ `b <data:text/html,x>`_

.. code:: evil-tag

   {ATTACK}

.. role:: evil(raw)
   :format: html

:evil:`<script>hacked()</script>`
"""

_SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" onload="hacked()"><!-- evil-svg -->
<script>hacked()</script><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="hacked()"/></foreignObject>
<image href="{OUTSIDE}/x.png"/><a href="javascript:hacked()"><text>x</text></a></svg>
"""
_HTML = f"<!doctype html><title>evil-html</title><script>hacked()</script><body onload=hacked()>{ATTACK}\n"
_MODULES = """[submodule "evil-sub"]
\tpath = evil-module
\turl = javascript:hacked()
[submodule "../../x"]
\tpath = "second'><evil-tag>"
\turl = file:///etc
"""
_SUBREPOSITORIES = b"evil-module = javascript:hacked()\nsecond = [git]ext::sh -c hacked\nthird = file:///etc\n"


def _notebook() -> bytes:
    def data(media_type: str, text: str) -> dict[str, object]:
        return {"output_type": "display_data", "data": {media_type: text}, "metadata": {"evil-name": ATTACK}}

    outputs = [
        data("text/html", f"evil-output {_MARKDOWN}"),
        data("image/svg+xml", _SVG),
        data("text/markdown", _MARKDOWN),
        data("application/javascript", "hacked()"),
        data("text/plain", ATTACK),
        {"output_type": "stream", "name": ATTACK, "text": ATTACK},
        {"output_type": "error", "ename": ATTACK, "evalue": ATTACK, "traceback": [ATTACK]},
    ]
    cells = [
        {"cell_type": "markdown", "source": f"evil-cell {_MARKDOWN}"},
        {"cell_type": "raw", "source": ATTACK},
        {"cell_type": "code", "source": f"evil-source {ATTACK}", "execution_count": ATTACK, "outputs": outputs},
        {"cell_type": ATTACK, "source": ATTACK},
    ]
    language = {"language_info": {"name": ATTACK}, "title": ATTACK}
    return json.dumps({"nbformat": 4, "metadata": language, "cells": cells}).encode()


FOLDER = b"evil-folder" + NAME
CHANGED = FOLDER + b"/evil-file" + NAME


def hostile_files(kind: Kind) -> dict[bytes, Content]:
    found: dict[bytes, Content] = {
        CHANGED: f"evil-old-line {ATTACK}\n".encode(),
        FOLDER + b"/README.rst": _RESTRUCTURED.encode(),
        b"README.md": _MARKDOWN.encode(),
        b"picture.svg": _SVG.encode(),
        b"page.html": _HTML.encode(),
        b"table.csv": f"evil-line,{ATTACK}\n=hacked(),{ATTACK}\n".encode(),
        b"book.ipynb": _notebook(),
        b"x" + NAME + b".py": f"'''{ATTACK}'''\n# \x00-free \x1b[31m\x08\x9b\n".replace("\x00", "").encode(),
        b"javascript:hacked()": ATTACK.encode(),
        b"bytes" + NAME: bytes(range(256)) + ATTACK.encode(),
        b"picture.png": b"<html>" + ATTACK.encode(),
        b"evil-link" + NAME: Symlink(b"evil-target javascript:hacked()" + NAME),
        b"up": Symlink(b"../../../etc/passwd"),
        b"lfs.bin": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n" + NAME,
    }
    if kind is Kind.GIT:
        found[b"line\nend\ttab\\<evil-tag>.md"] = _MARKDOWN.encode()
        found |= {b".gitmodules": _MODULES.encode(), b"evil-module": Submodule("1" * 40)}
        found[b"second'><evil-tag>"] = Submodule("2" * 40)
    else:
        states = b"".join(b"%s %s\n" % (b"1" * 40, name) for name in (b"evil-module", b"second", b"third"))
        found |= {b".hgsub": _SUBREPOSITORIES, b".hgsubstate": states}
    return found
