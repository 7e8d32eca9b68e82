"""Start programs to measure, wait until they answer, weigh them, and end them with everything they started."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # these addresses are on this machine


class DidNotStart(Exception):
    """A program ended, or did not answer in time; the message names its log."""


class Started:
    """A program in a process group of its own, its output in `log`."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        self.begun = time.perf_counter()
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, address: str, seconds: float = 300) -> float:
        """Ask `address` twenty times a second until it answers 200; gives the seconds since the start. Raises DidNotStart."""
        while True:
            if self.process.poll() is not None:
                raise DidNotStart(f"It ended by itself (exit code {self.process.returncode}); see {self.log}.")
            if answers(address):
                return time.perf_counter() - self.begun
            if time.perf_counter() - self.begun > seconds:
                raise DidNotStart(f"It did not answer at {address} within {seconds:.0f} s; see {self.log}.")
            time.sleep(0.05)

    def stop(self, seconds: float = 60) -> None:
        """Ask it to end, and end what is left of its group."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def answers(address: str) -> bool:
    """Whether a GET of `address` gives 200 within two seconds."""
    try:
        with OPENER.open(address, timeout=2) as answer:
            return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False


def list_tree(pid: int) -> list[int]:
    """The process `pid` and everything under it."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found.extend(list_tree(int(child)))
    return found


def weigh_tree(pid: int) -> dict[str, float]:
    """Resident memory of `pid` and all under it in MB: `rss` counts shared pages for each, `pss` shares them out."""
    sums = {"rss": 0.0, "pss": 0.0}
    for each in list_tree(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                name = line.split(":")[0].lower()
                if name in sums:
                    sums[name] += int(line.split()[1]) / 1024
    return {name: round(value, 1) for name, value in sums.items()}


def spent_by_tree(pid: int) -> float:
    """Processor seconds that `pid` and all under it have used so far."""
    ticks = 0
    for each in list_tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
