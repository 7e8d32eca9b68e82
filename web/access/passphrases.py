"""Passphrases: which are refused, how they are kept (argon2id), how they are checked.

Rules as in OWASP ASVS 5.0 (6.2): at least eight characters, fifteen advised, long ones welcome, nothing prescribed about their signs,
and none of those that are guessed first. What is guessed first is judged on this machine by zxcvbn and its lists.
"""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]

from web.access.refusals import PassphraseIsName, PassphraseTooCommon, PassphraseTooLong, PassphraseTooShort
from web.access.sign_in_names import fold_name

SHORTEST = 8
LONGEST = 500
ADVISED = 15
_ZXCVBN_READS = 72
_TOO_EASY = 1  # of 0 to 4: fewer than a million guesses
_OWN_WORDS = ["sayable", "practice", "passphrase", "clinic"]

HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory: 64 MiB, 3 passes
_DUMMY_HASH = HASHER.hash("nobody has this passphrase")
_AT_ONCE = BoundedSemaphore(2)  # each takes 64 MiB: sign-ins wait for each other instead of filling the memory


def check_passphrase(passphrase: str, *, name: str) -> None:
    """Raises a Refused that says what is wrong with a passphrase somebody has chosen."""
    passphrase = _compose(passphrase)
    if len(passphrase) < SHORTEST or not passphrase.strip():
        raise PassphraseTooShort
    if len(passphrase) > LONGEST:
        raise PassphraseTooLong
    if fold_name(passphrase) == fold_name(name):
        raise PassphraseIsName
    if zxcvbn(passphrase[:_ZXCVBN_READS], user_inputs=[name, *_OWN_WORDS])["score"] <= _TOO_EASY:
        raise PassphraseTooCommon


def hash_passphrase(passphrase: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(_compose(passphrase).encode("utf-8", "surrogatepass"))


def fits_passphrase(passphrase_hash: str | None, passphrase: str) -> bool:
    """Whether this is the passphrase. Without a hash the same work is done in vain, so that the time tells nothing."""
    if len(passphrase) > LONGEST:
        passphrase = ""
    with _AT_ONCE:
        try:
            fits = HASHER.verify(passphrase_hash or _DUMMY_HASH, _compose(passphrase).encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
    return fits and passphrase_hash is not None


def should_rehash(passphrase_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return HASHER.check_needs_rehash(passphrase_hash)


def _compose(passphrase: str) -> str:
    """Keyboards spell one accented letter in two ways; both are the same passphrase. Nothing else is changed."""
    return unicodedata.normalize("NFC", passphrase)
