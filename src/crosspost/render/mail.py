"""A mail of one edition: its HTML with styles inlined, its plain text, and both as one file.

Nothing is fetched, nothing depends on the moment or on the machine: the same edition gives the
same bytes.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crosspost.render.portable import absolute_addresses, portable_text

TEXT_WIDTH = 72
"""Characters of a line of the plain text: what a quoted reply still shows whole."""
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>{}\[\]|*%]+", re.IGNORECASE)
_CHARSET = re.compile(r"<meta charset=[^>]*>\n?", re.IGNORECASE)
_SENDER = re.compile(
    r"(?:\"?(?P<name>[^<>\"]*?)\"? ?<)?(?P<user>[!-'*+\-/-9=?A-Z^-~.]+)@(?P<host>[\w.-]+)>?"
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, ready to be written to a file.

    `sender` is an address as people write it (`Town <letter@town.example>`); `message_id` has its
    angle brackets. `unsubscribe_url` may be a mailing service's placeholder.
    """

    subject: str
    sender: str
    date: datetime
    message_id: str
    lang: str
    html: str
    text: str
    unsubscribe_url: str = ""


def inline_styles(html: str, page_url: str, *, keep: Iterable[str] = ()) -> str:
    """Return a page as mail programs want it: styles in the tags, whole addresses, no script.

    Rules for screens (`@media`) stay in the head. `keep` are addresses that are left as they are.
    """
    import css_inline

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    whole = absolute_addresses(portable_text(html), page_url, keep=frozenset(keep))
    return _charset_first(inliner.inline(whole)) + "\n"


def _charset_first(html: str) -> str:
    """Put the encoding before the rules that css-inline moves to the top of the head.

    A browser looks for it in the first 1,024 bytes only.
    """
    without = _CHARSET.sub("", html)
    return without.replace("<head>", '<head><meta charset="utf-8">', 1)


def wrapped(text: str, indent: str = "") -> str:
    """Return one paragraph in lines of at most `TEXT_WIDTH` characters; addresses stay whole."""
    return textwrap.fill(
        text,
        TEXT_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def underlined(text: str, mark: str) -> str:
    """Return a heading of plain text with a line of `mark` below it."""
    lines = wrapped(text)
    return f"{lines}\n{mark * max(map(len, lines.splitlines()))}" if text else ""


def plain_mail(blocks: Sequence[str]) -> str:
    """Join the blocks of a plain text, one blank line between them."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def sender_address(sender: str) -> Address | None:
    """Read `Name <mail@host>`; None where it is no address that a mail can carry."""
    match = _SENDER.fullmatch(" ".join(sender.split()))
    if match is None:
        return None
    try:
        host = match["host"].encode("idna").decode("ascii")
        return Address(match["name"] or "", match["user"], host)
    except (UnicodeError, ValueError, MessageError):
        return None


def eml(mail: Mail) -> bytes:
    """Return a mail as a file that a mail program opens as a draft (RFC 5322, lines end in CRLF).

    Raises ValueError where `sender` is no address.
    """
    address = sender_address(mail.sender)
    if address is None:
        raise ValueError(f"'{mail.sender}' is not a mail address")
    subject = " ".join(mail.subject.split())
    headers = {
        "Subject": _encoded("Subject", subject),
        "From": _from_line(address),
        "To": "undisclosed-recipients:;",
        "Date": format_datetime(mail.date),
        "Message-ID": mail.message_id,
        "Content-Language": mail.lang,
    }
    if _LINK.fullmatch(mail.unsubscribe_url):
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
    # Outlook and others open such a file as a draft to be sent, not as a mail that was received.
    headers["X-Unsent"] = "1"
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("ascii") + _body(mail).as_bytes()


def _body(mail: Mail) -> EmailMessage:
    body = EmailMessage(policy=SMTP)
    body.set_content(mail.text, cte="quoted-printable")
    body.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    # Python would draw a boundary by lot. `=_` never stands in quoted-printable text.
    digest = hashlib.blake2b(f"{mail.text}\0{mail.html}".encode(), digest_size=12).hexdigest()
    body.set_boundary(f"=_crosspost_{digest}")
    return body


def _encoded(name: str, text: str) -> str:
    """Encode a header's text by RFC 2047.

    Written here since EmailMessage, up to Python 3.12 at least, loses spaces between encoded words
    and encodes an address that is only long.
    """
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, header_name=name).encode(linesep="\r\n")


def _from_line(address: Address) -> str:
    name = address.display_name
    if name.isascii():
        return str(address)
    return f"{_encoded('From', name)}\r\n <{address.addr_spec}>"
