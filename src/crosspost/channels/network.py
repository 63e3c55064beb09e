"""What can happen to a call on its way: whether it left, how long it takes, and why it failed."""

from __future__ import annotations

import queue
import ssl
import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class TooSlowError(Exception):
    """The answer was still coming when the time for the whole call was up."""


class RedirectedError(Exception):
    """The server sent a call elsewhere; it was not followed."""


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """Return what `call` returns, or raise what it raises, or `TooSlowError`.

    The timeouts of requests count from one byte to the next: a server that sends a byte now and
    then would hold a run for ever. A call that is given up ends with the process.
    """
    done: queue.SimpleQueue[tuple[Answer | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised again, where it is waited for
            done.put((None, error))

    threading.Thread(target=work, name="call", daemon=True).start()
    try:
        answer, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TooSlowError(f"the answer was not whole after {seconds:g} seconds") from None
    if error is not None:
        try:
            raise error
        finally:
            del error  # else the frame and what it raised would keep each other, and a socket
    return answer  # type: ignore[return-value]  # None is what the call returned


def words_of(error: BaseException) -> str:
    """Return why a call failed, in words that say what to look at."""
    from requests import exceptions
    from urllib3.exceptions import NameResolutionError

    if isinstance(error, exceptions.JSONDecodeError):
        return "it does not answer in JSON; is this the address of its API?"
    if isinstance(error, exceptions.ProxyError):
        return "the proxy that the environment names does not let the call through"
    if isinstance(error, exceptions.Timeout):
        return "it does not answer in time"
    reason = _reason(error)
    if isinstance(reason, NameResolutionError):
        return "nobody knows its name: is it spelt right?"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {reason.verify_message}"
    if isinstance(reason, ssl.SSLError):
        return f"no safe connection can be made: {reason.reason or reason}"
    text = str(reason)
    return text.rpartition(": ")[2] if isinstance(error, exceptions.ConnectionError) else text


def cause_of(error: BaseException) -> BaseException | None:
    """Return what lies under an exception: Mastodon.py keeps it as the context."""
    return error.__cause__ or error.__context__


def never_left(error: Exception) -> bool:
    """Whether a request certainly did not reach the server: no connection, or none that is safe."""
    from requests import exceptions
    from urllib3.exceptions import NameResolutionError, NewConnectionError

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
    return isinstance(cause, exceptions.ConnectionError) and isinstance(
        _reason(cause), NewConnectionError | NameResolutionError | ssl.SSLCertVerificationError
    )


def _reason(error: BaseException) -> BaseException:
    """Return what lies at the bottom of an error of requests and of urllib3 below it."""
    from requests.exceptions import ConnectionError as NoConnectionError
    from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

    if not isinstance(error, NoConnectionError) or not error.args:
        return error
    reason = getattr(error.args[0], "reason", error.args[0])
    while isinstance(reason, HTTPError):
        inner = reason.args[0] if reason.args else None
        if isinstance(reason, NewConnectionError | NameResolutionError) or not isinstance(
            inner, Exception
        ):
            break
        reason = inner
    return reason if isinstance(reason, BaseException) else error
