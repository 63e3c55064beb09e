"""The hashes by which bytes are known: of the site's own files, and of those of output/."""

from __future__ import annotations

import hashlib

LENGTH = 32
"""Characters of each of them."""


def digest_of(data: bytes) -> str:
    """Return the hash by which the bytes of a file of the site are known.

    Those of pictures stand in ledgers, which are kept for ever: it must stay what it is.
    """
    return hashlib.blake2b(data, digest_size=LENGTH // 2).hexdigest()


def digest_of_output(data: bytes) -> str:
    """Return the hash by which the bytes of a file of output/ are known.

    They are many, and most processors have instructions for this one.
    """
    return hashlib.sha256(data).hexdigest()[:LENGTH]
