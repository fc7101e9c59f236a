"""The only way to Mako: without what it would load for pages about its own errors, which nobody is shown.

Those take Pygments' lexers of all languages of the web, four megabytes in every process. Highlighting loads a lexer
when a file needs it.
"""

import sys

# A module that is None cannot be imported, which Mako takes for one that is not installed.
sys.modules.setdefault("mako.ext.pygmentplugin", None)  # type: ignore[arg-type]

from mako.lookup import TemplateLookup  # noqa: E402 - after what it must not find

__all__ = ["TemplateLookup"]
