"""Where a visitor came from, so that they can be led back there and nowhere else."""

from urllib.parse import quote, urlsplit

from kallithea.web.request import Request

_LONGEST = 2000


def find_way_back(address: str) -> str:
    """The address if it is a path of this site, else empty: nobody is led elsewhere."""
    if not address.startswith("/") or address.startswith("//") or not _is_plain(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc or "/_admin/login" in parts.path else address


def find_referring_path(request: Request) -> str:
    """The path of the page of this site on which the visitor was, as the browser says; empty where it says nothing."""
    referrer = request.environ.get("HTTP_REFERER", "")
    return referrer.removeprefix(request.origin) if referrer.startswith(f"{request.origin}/") else ""


def find_own_path(request: Request) -> str:
    """The path and the query of the request itself."""
    path = request.environ.get("SCRIPT_NAME", "") + request.environ.get("PATH_INFO", "")
    query = request.environ.get("QUERY_STRING", "")
    return quote(path.encode("latin-1")) + (f"?{query}" if query else "")


def _is_plain(address: str) -> bool:
    """Browsers drop line ends and tabs, and read a backslash as a slash."""
    return len(address) <= _LONGEST and all("!" <= char <= "~" and char != "\\" for char in address)
