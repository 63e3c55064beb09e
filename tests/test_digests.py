"""The hashes of files: those of the site's own are in ledgers, and may never become others."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from crosspost.digests import LENGTH, digest_of, digest_of_output


def test_the_digest_of_a_picture_is_what_ledgers_have_of_it() -> None:
    assert digest_of(b"a picture") == "6d6f532c386533c4a121faffda65f7e1"
    assert digest_of(b"") == hashlib.blake2b(b"", digest_size=16).hexdigest()


@given(st.binary(), st.binary())
def test_other_bytes_have_another_digest(one: bytes, other: bytes) -> None:
    for digest in (digest_of, digest_of_output):
        assert (digest(one) == digest(other)) == (one == other)
        assert len(digest(one)) == LENGTH
