"""Telling a call that certainly never reached a server from one that may have."""

from __future__ import annotations

import ssl


class RedirectedError(Exception):
    """The server sent a call elsewhere; it was not followed."""


def cause_of(error: BaseException) -> BaseException | None:
    """Return what lies under an exception: Mastodon.py keeps it as the context."""
    return error.__cause__ or error.__context__


def never_left(error: Exception) -> bool:
    """Whether a request certainly did not reach the server: no connection, or none that is safe."""
    from requests import exceptions
    from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

    cause = cause_of(error)
    if isinstance(
        cause,
        RedirectedError
        | exceptions.ConnectTimeout
        | exceptions.ProxyError
        | exceptions.InvalidURL
        | exceptions.InvalidHeader,
    ):
        return True
    if isinstance(cause, exceptions.ConnectionError) and cause.args:
        reason = getattr(cause.args[0], "reason", cause.args[0])
        while isinstance(reason, HTTPError) and isinstance(_inner(reason), Exception):
            if isinstance(reason, NewConnectionError | NameResolutionError):
                break
            reason = _inner(reason)
        return isinstance(
            reason, NewConnectionError | NameResolutionError | ssl.SSLCertVerificationError
        )
    return False


def _inner(error: BaseException) -> object:
    return error.args[0] if error.args else None
