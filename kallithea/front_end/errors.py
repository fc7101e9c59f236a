"""What can go wrong while the front end is built."""


class FrontEndError(Exception):
    """The front end cannot be built; the text says what to do."""
