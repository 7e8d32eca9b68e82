"""Codes that people read from paper and type: no sign that looks like another, hyphens for the eye, hashed where they are kept."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty signs, 4.9 bits each; without 0 O, 1 I L and U."""
PASSPHRASE_CODE_SIGNS = 20
"""98 bits: cannot be found from its hash, whatever the throttle."""
TOTP_CODE_SIGNS = 16
"""78 bits"""
TOTP_CODE_COUNT = 8


def make_code(signs: int) -> str:
    """A random code of so many signs, without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(signs))


def show_code(code: str) -> str:
    """In groups of five (or four, where that comes out even)."""
    size = 5 if len(code) % 5 == 0 else 4
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def read_code(typed: str) -> str:
    """What was typed, as the code is compared: capitals, no spaces, hyphens or dots; at most 64 signs are read."""
    return "".join(sign for sign in typed[:256].upper() if sign.isalnum())[:64]


def hash_code(code: str, *, purpose: str, person_id: str) -> str:
    """64 hex digits. No secret goes into it, so that codes outlive a change of secrets; they are long enough without."""
    return hashlib.sha256(f"{purpose} {person_id} {read_code(code)}".encode()).hexdigest()
