"""What the API tells browsers about pages of other origins (CORS): the same for every route."""

from collections.abc import Collection, Mapping

ALLOW_HEADERS = ("Authorization", "Content-Type")
EXPOSE_HEADERS = ("Location", "Retry-After")
MAX_AGE_S = 3600


def cors_headers(
    request_headers: Mapping[str, str], allowed_origins: Collection[str]
) -> dict[str, str]:
    """Headers of an answer to a page.

    Parameters
    ----------
    request_headers : mapping
        Names as the caller wrote them: in HTTP/2 they are lower-case.
    allowed_origins : collection of str

    Returns
    -------
    dict
        Empty for an origin that is not allowed, and for callers that are no page.
    """
    origin = next(
        (value for name, value in request_headers.items() if name.lower() == "origin"), ""
    )
    if origin not in allowed_origins:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Headers": ",".join(ALLOW_HEADERS),
        "Access-Control-Expose-Headers": ",".join(EXPOSE_HEADERS),
        "Access-Control-Max-Age": str(MAX_AGE_S),
    }
