"""Does nothing: what the runtime itself costs."""


def handler(_event: object, _context: object) -> None:
    """Answer nothing."""
