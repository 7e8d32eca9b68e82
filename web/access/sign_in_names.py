"""Names as they are compared at sign-in: only a keyed hash of them can be searched, the name itself stands encrypted."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata


def fold_name(name: str) -> str:
    """The name without what people do not remember: case, outer and doubled spaces, ways to write one letter (NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def hash_name(name: str, secret: str) -> str:
    """64 hex digits: HMAC-SHA-256 of the folded name under the sign-in secret."""
    return hmac.new(secret.encode(), fold_name(name).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
