"""What the editor says by itself, by the phrases of CodeMirror: https://codemirror.net/examples/translate/."""

import json

from kallithea.core.words import Say, _

PHRASES = {
    # Translators: this and what follows are words of the field where text is edited, and of its panels to find, to
    # replace and to go to a line; "$" stands for a number.
    "Control character": _("Control character"),
    "Find": _("Find"),
    "Go to line": _("Go to line"),
    "Replace": _("Replace"),
    "Selection deleted": _("Selection deleted"),
    # Translators: a button that selects all places that were found.
    "all": _("all"),
    "by word": _("by word"),
    "close": _("close"),
    "current match": _("current match"),
    # Translators: a button beside the number of a line.
    "go": _("go"),
    "match case": _("match case"),
    "next": _("next"),
    # Translators: as in "current match. some text on line 5".
    "on line": _("on line"),
    "previous": _("previous"),
    "regexp": _("regexp"),
    "replace": _("replace"),
    "replace all": _("replace all"),
    "replaced $ matches": _("replaced $ matches"),
    "replaced match on line $": _("replaced match on line $"),
}


def write_phrases(say: Say) -> str:
    """All phrases in a language, as JSON for the script."""
    return json.dumps({phrase: say(words) for phrase, words in PHRASES.items()}, ensure_ascii=False)
