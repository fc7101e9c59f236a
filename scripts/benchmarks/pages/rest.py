"""What one of our pages leaves out and loads later, or shows when the visitor asks for it."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.benchmarks.pages.targets import Blame, Change, Folder, Target

_NEXT_PAGE = re.compile(rb'<a class="btn btn-default btn-xs" href="([^"]+)">Next</a>')
#: See parts.js, changes.js and authors.js in kallithea/front_end/js.
_PART = re.compile(rb'\bdata-part="([^"]+)"')
_AUTHORS = re.compile(rb'\bdata-authors="([^"]+)"')
_LAST_CHANGES = re.compile(rb'\bdata-changes="([^"]+)"')


@dataclass(frozen=True)
class Rest:
    """Finds the addresses of what is missing; with ``everything`` also of what belongs to the page, not the target."""

    everything: bool = False

    def find(self, target: Target, page: bytes) -> Sequence[str]:
        """Addresses, in the order of the page."""
        patterns = [_NEXT_PAGE] if isinstance(target, Folder) else []
        if self.everything or (isinstance(target, Folder) and target.changed):
            patterns.append(_LAST_CHANGES)
        if self.everything or isinstance(target, Change):
            patterns.append(_PART)
        if isinstance(target, Blame):
            patterns.append(_AUTHORS)
        return [html.unescape(found.decode()) for pattern in patterns for found in pattern.findall(page)]
