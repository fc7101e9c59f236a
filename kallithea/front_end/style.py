"""One style sheet: bootstrap, then the theme. With two, a page could be painted between the arrival of both."""

import re
from collections.abc import Iterable, Mapping

_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")
_DATA_URL = re.compile(r"""url\((["']?)data:.*?\1\)""")
_OWN_URL = re.compile(r"""url\(["']?\.\./([^"')?#]+)["']?\)""")


def join_styles(bootstrap: str, theme: Iterable[str], paths: Mapping[str, str]) -> str:
    """Join bootstrap's style sheet and the theme's files.

    Bootstrap draws some controls with `data:` URLs, which the content security policy refuses and the theme replaces;
    they become `none`. The theme names pictures as the sources do; `paths` has for each its path below public/.
    """
    own = (_OWN_URL.sub(lambda match: f'url("../{paths[match[1]]}")', text) for text in theme)
    vendor = _DATA_URL.sub("none", _SOURCE_MAP.sub("", bootstrap)).rstrip()
    return "\n".join([vendor, *own])
