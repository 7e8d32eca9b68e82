"""The figures as a JSON file: each measurement writes its own part and leaves the others as they were."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sayable.up.settings import ROOT


class Record:
    """The file `path`; `take` puts one measurement in, with when, where and on which commit it was made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def take(self, name: str, figures: Any, command: str, recipe: str | None = None) -> None:
        """Keep `figures` under `name` (and `recipe` of the stock bot), and write the file."""
        if recipe is None:
            self.found[name] = figures
        else:
            self.found.setdefault(name, {})[recipe] = figures
        key = name if recipe is None else f"{name} {recipe}"
        self.found.setdefault("measured", {})[key] = {"command": command, **describe_moment()}
        self.write()

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.found, indent=1) + "\n", encoding="utf-8")


def describe_moment() -> dict[str, Any]:
    """When, on what machine, and how busy it was with other things just before (load average of the last minute)."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "cores": os.cpu_count(),
        "processor": read_processor(),
        "system": platform.platform(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def read_processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()
