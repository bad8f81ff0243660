"""Keys of people: made of a password, so that an entry of the ledger proves that the password was typed.

The ledger keeps salt and public key alone. Who can write the ledger, and does not know the password, can sign nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TIME_COST, _MEMORY_KIB, _LANES = 3, 65536, 4  # RFC 9106, second recommended option
_SALT_BYTES, _SEED_BYTES = 16, 32


def new_key(password: str) -> dict[str, str]:
    """Return salt and public key of a new password, as hex digits."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return {"salt": salt.hex(), "public": _key(password, salt).public_key().public_bytes_raw().hex()}


def signed(stored: Mapping[str, str], password: str, text: str) -> str:
    """Return the signature over a text, as hex digits."""
    return _key(password, bytes.fromhex(stored["salt"])).sign(text.encode()).hex()


def is_signed(stored: Mapping[str, str], signature: str, text: str) -> bool:
    """Tell whether a text was signed by who knew the password."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(stored["public"])).verify(
            bytes.fromhex(signature), text.encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(password: str, salt: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(derived(password, salt))


def derived(password: str, salt: bytes) -> bytes:
    """Return 32 bytes that only who knows the password can make (argon2id)."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(password.encode(), salt, _TIME_COST, _MEMORY_KIB, _LANES, _SEED_BYTES, Type.ID)
