"""Several files as one ZIP, made in memory: what people typed is never written to a temporary file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime


def zip_files(files: Mapping[str, bytes], *, now: datetime) -> bytes:
    """A ZIP with these files, by name; `now` is the moment each of them carries."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            archive.writestr(member, content)
    return kept.getvalue()
