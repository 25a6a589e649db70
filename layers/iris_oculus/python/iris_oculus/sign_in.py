"""Who a token speaks for. Only the authorizer imports this: it needs PyJWT."""

from dataclasses import dataclass
from functools import cached_property

import jwt

from iris_oculus.errors import Unauthorized

ALGORITHMS = ("RS256",)
"""Cognito signs with RSA and SHA-256 (Amazon Cognito developer guide, "Verifying JSON web
tokens"); naming the algorithm shuts out tokens that choose a weaker one themselves."""


@dataclass(frozen=True)
class SignIn:
    """Verifies the tokens of one issuer.

    Attributes
    ----------
    required : bool
        Whether callers without a token are refused.
    issuer : str
        ``iss`` of the tokens; their keys lie under ``/.well-known/jwks.json``. Empty: no sign-in.
    audience : str
        The client that the tokens are for: ``aud`` of an id token, ``client_id`` of an access one.
    """

    required: bool
    issuer: str
    audience: str

    def subject(self, authorization: str | None) -> str | None:
        """The token's subject, or None for an anonymous caller.

        Parameters
        ----------
        authorization : str or None
            The ``Authorization`` header.

        Raises
        ------
        Unauthorized
            If there must be a token and there is none, or the token is not valid.
        """
        if not authorization:
            if self.required:
                raise Unauthorized("This needs a sign-in.")
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not self.issuer:
            raise Unauthorized("The Authorization header holds no token of ours.")
        return self._verified(token.strip())

    @cached_property
    def _keys(self) -> jwt.PyJWKClient:
        return jwt.PyJWKClient(f"{self.issuer}/.well-known/jwks.json", timeout=5)

    def _verified(self, token: str) -> str:
        try:
            claims = jwt.decode(
                token,
                self._keys.get_signing_key_from_jwt(token).key,
                algorithms=list(ALGORITHMS),
                issuer=self.issuer,
                options={"require": ["exp", "iss", "sub"], "verify_aud": False},
            )
        except jwt.PyJWTError as error:
            raise Unauthorized("The token is not valid, or has expired.") from error
        if self.audience not in (claims.get("aud"), claims.get("client_id")):
            raise Unauthorized("The token is for another application.")
        return str(claims["sub"])
