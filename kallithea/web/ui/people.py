"""Pictures for people: a quiet pattern made from a name or mail address, the same everywhere and for ever."""

import hashlib

_HUES = ("#2f6f62", "#7a4a8c", "#a0522d", "#35608f", "#8a6a12", "#9a3d5b", "#4d6b2c", "#5a5aa0")
_CORNERS = ((0, 0), (12, 0), (0, 12), (12, 12))

# Three bits of hue, two bits of shape and one of shade for each of the four corners.
_BITS = 15


def avatar_code(identity: str) -> str:
    """The four hexadecimal digits that a picture is drawn from."""
    digest = hashlib.sha256(identity.strip().lower().encode("utf-8", "surrogatepass")).digest()
    return f"{int.from_bytes(digest[:2]) & ((1 << _BITS) - 1):04x}"


def draw_avatar(code: int) -> str:
    """The picture as SVG: four quarter discs in two shades of one hue."""
    hue, shapes = code & 7, code >> 3
    parts = []
    for x, y in _CORNERS:
        shape, dark, shapes = shapes & 3, shapes & 4, shapes >> 3
        parts.append(f'<path d="{_quarter(x, y, shape)}" fill-opacity="{".86" if dark else ".32"}"/>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="48" height="48">'
        f'<rect width="24" height="24" fill="{_HUES[hue]}"/><g fill="#fff">{"".join(parts)}</g></svg>'
    )


def _quarter(x: int, y: int, shape: int) -> str:
    right, bottom = x + 12, y + 12
    return (
        f"M{x} {y}h12a12 12 0 0 1-12 12z",
        f"M{right} {y}v12a12 12 0 0 1-12-12z",
        f"M{right} {bottom}h-12a12 12 0 0 1 12-12z",
        f"M{x} {bottom}v-12a12 12 0 0 1 12 12z",
    )[shape]
