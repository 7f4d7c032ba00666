"""Keys of gateways: made once, shown once, kept only as hashes.

A key is 256 random bits, so the hashes may be cheap: SHA-256 for the door,
which checks one per batch, and bcrypt at its least cost for the broker, which
knows no other hash.
"""

import hashlib
import secrets
from dataclasses import dataclass

import bcrypt

_BCRYPT_COST = 4


@dataclass(frozen=True)
class HashedKey:
    """What is stored of a key."""

    sha256: bytes
    bcrypt: str


def make_key() -> str:
    """A new key: 43 characters that are safe in a header."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> HashedKey:
    """The hashes of *key* for the door and for the broker."""
    hashed = bcrypt.hashpw(key.encode(), bcrypt.gensalt(_BCRYPT_COST, prefix=b"2a"))
    return HashedKey(hashlib.sha256(key.encode()).digest(), hashed.decode())
