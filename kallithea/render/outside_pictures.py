"""Pictures of other sites in a document: no page of ours sends a browser there, so each becomes a link in words."""

import re

# Of HTML that was sanitized: attributes are quoted, and no value holds a quote.
_TAG = re.compile(r'<(/?)(a|img)\b((?:[^">]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_OUTSIDE = ("http://", "https://")


def link_outside_pictures(sanitized: str) -> str:
    """The HTML in which pictures of other sites are links with their alternative text, or with the name of the file.

    Within a link there is only the text, because links cannot hold links.
    """
    inside_link = False

    def replace(tag: re.Match[str]) -> str:
        nonlocal inside_link
        if tag[2] == "a":
            inside_link = not tag[1]
            return tag[0]
        attributes = dict(_ATTRIBUTE.findall(tag[3]))
        address = attributes.get("src", "")
        if not address.startswith(_OUTSIDE):
            return tag[0]
        words = attributes.get("alt", "").strip() or _file_name(address)
        link = f'<a href="{address}" rel="nofollow noopener noreferrer">{words}</a>'
        return words if inside_link else link

    return _TAG.sub(replace, sanitized)


def _file_name(address: str) -> str:
    return address.partition("?")[0].rstrip("/").rpartition("/")[2] or address
