"""Starts the action server: `python -m actions`, from the repository's root."""

from __future__ import annotations

import logging
import os
import sys

from actions.settings import read_settings


def main() -> int:
    """Entry: 2 and a sentence when a setting or a content file is wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    from actions.equipment import load_equipment
    from actions.server import build_app
    from data.faults import ContentError

    try:
        settings = read_settings(os.environ)
        equipment = load_equipment()
    except (ValueError, ContentError) as error:
        print(error, file=sys.stderr)
        return 2
    app = build_app(equipment, settings.secret)
    app.run(host=settings.host, port=settings.port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
