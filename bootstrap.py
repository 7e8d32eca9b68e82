"""Get from a bare Python to a running house: find or fetch uv, build both environments from their locks, hand over.

Only the standard library, and nothing newer than Python 3.9: this file runs before anything is installed.
Called by the Makefile; `python3 bootstrap.py --help` lists the jobs.
"""

import argparse
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
RASA_PROJECT = ROOT / "rasa_project"
UV_RELEASE = "uv>=0.9,<1"
OLDEST_UV = (0, 9)  # older ones cannot read the locks (revision 3 and later)
ROOT_PYTHONS = ("3.12", "3.11", "3.13")
RASA_PYTHONS = ("3.10",)


class BootstrapError(Exception):
    """Something only the person at the keyboard can mend; the message says how."""


def say(text):
    print(text, file=sys.stderr, flush=True)


# ---------------------------------------------------------------- uv


def uv_answers(uv):
    """True when `uv` starts and is new enough. A pyenv shim of uv may be on the PATH and still refuse to start."""
    try:
        shown = subprocess.run([str(uv), "--version"], capture_output=True, text=True, cwd=str(ROOT), timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"uv (\d+)\.(\d+)", shown.stdout)
    return shown.returncode == 0 and found is not None and (int(found[1]), int(found[2])) >= OLDEST_UV


def private_uvs():
    return [TOOLS / "uv" / "bin" / "uv", TOOLS / "uv-target" / "bin" / "uv"]


def find_uv():
    named = os.environ.get("SAYABLE_UV")
    if named:
        if not uv_answers(named):
            raise BootstrapError("SAYABLE_UV is {!r}, but no uv {}.{} or newer starts there.".format(named, *OLDEST_UV))
        return named
    on_path = shutil.which("uv")
    for candidate in private_uvs() + ([Path(on_path)] if on_path else []):
        if Path(candidate).exists() and uv_answers(candidate):
            return str(candidate)
    return None


def fetch_uv():
    """Install uv into .tools/: in a virtual environment of its own, or, where Python has no venv, with pip alone."""
    say("No uv found: fetching it into {} (once).".format(TOOLS))
    TOOLS.mkdir(exist_ok=True)
    in_venv, in_target = private_uvs()
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(TOOLS / "uv")], capture_output=True, text=True)
    if made.returncode == 0:
        command = [str(TOOLS / "uv" / "bin" / "python"), "-m", "pip", "install"]
        uv = in_venv
    else:
        shutil.rmtree(str(TOOLS / "uv"), ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--upgrade", "--target", str(TOOLS / "uv-target")]
        uv = in_target
    fetched = subprocess.run(command + ["--quiet", "--disable-pip-version-check", UV_RELEASE], capture_output=True, text=True)
    if fetched.returncode != 0 or not uv_answers(uv):
        raise BootstrapError(
            "uv could not be installed with {}.\n{}\n"
            "Install uv yourself (https://docs.astral.sh/uv/) so that it is on the PATH, or set SAYABLE_UV to it, and start again.\n"
            "On Debian and Ubuntu, `apt-get install python3-venv python3-pip` gives Python what it lacks here.".format(
                sys.executable, last_lines(fetched.stderr or made.stdout)
            )
        )
    return str(uv)


def last_lines(text, count=6):
    return "\n".join("  | " + line for line in text.strip().splitlines()[-count:])


# ---------------------------------------------------------------- Python


def python_candidates(version):
    """Places where a Python of this version may be, the surest first. Shims are asked last: they may refuse."""
    if "{}.{}".format(*sys.version_info[:2]) == version:
        yield sys.executable
    homes = [os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv")]
    for home in homes:
        if home:
            found = Path(home, "versions").glob(version + ".*/bin/python" + version)
            for path in sorted(found, reverse=True):
                yield str(path)
    for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"):
        yield folder + "/python" + version
    on_path = shutil.which("python" + version)
    if on_path:
        yield on_path


def python_is(path, version):
    try:
        shown = subprocess.run(
            [str(path), "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return shown.returncode == 0 and shown.stdout.strip() == version


def find_python(versions):
    for version in versions:
        for candidate in python_candidates(version):
            if python_is(candidate, version):
                return candidate
    return None


def python_for(uv, project, versions, what):
    """Path of a fitting Python: one that is there, else one that uv fetches, else a message that says how to get it."""
    if project_python(project).exists():
        return None  # the environment is there; uv keeps its Python
    found = find_python(versions)
    if found:
        return found
    version = versions[0]
    if ask_uv(uv, ["python", "find", "--no-python-downloads", version], project):
        return version
    say("No Python {} found for {}: asking uv to fetch one (once).".format(" or ".join(versions), what))
    if subprocess.run([uv, "python", "install", version], env=uv_environment(), cwd=str(project)).returncode == 0:
        return version
    raise BootstrapError(
        "{what} needs Python {versions}, and uv could not fetch it from here.\n"
        "Get it in one of these ways, then run the same command again:\n"
        "  uv python install {version}        (on a machine with access to GitHub; uv is at {uv})\n"
        "  pyenv install {version}\n"
        "  apt-get install python{version} python{version}-venv   (where your Debian or Ubuntu has it)\n"
        "  brew install python@{version}\n"
        "Any python{version} on the PATH, in /usr/bin, /usr/local/bin or ~/.pyenv is found by itself.".format(
            what=what, versions=" or ".join(versions), version=version, uv=uv
        )
    )


# ---------------------------------------------------------------- both environments


def uv_environment():
    """The environment for uv without what would send both projects into one folder or into somebody else's."""
    left_out = {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    if ssl.get_default_verify_paths().cafile or sys.platform == "darwin":
        # The machine's own certificates, as pip takes them: behind a company's proxy the ones that uv brings along do not do.
        environment.setdefault("UV_SYSTEM_CERTS", "true")
        environment.setdefault("UV_NATIVE_TLS", "true")  # its name in older releases
    return environment


def ask_uv(uv, arguments, project):
    return subprocess.run([uv] + arguments, env=uv_environment(), cwd=str(project), capture_output=True).returncode == 0


def project_python(project):
    return Path(project) / ".venv" / "bin" / "python"


def sync(uv, project, versions, what, options):
    # Nothing to do is the usual case and is answered in silence; otherwise uv shows its own progress.
    python = python_for(uv, project, versions, what)
    command = [uv, "sync", "--frozen", "--project", str(project)] + options
    if python:
        command += ["--python", python]
        say("Building the environment of {} in {}/.venv (a few minutes the first time).".format(what, project))
    elif ask_uv(uv, ["sync", "--frozen", "--check", "--project", str(project)] + options, project):
        return
    started = time.monotonic()
    if subprocess.run(command, env=uv_environment(), cwd=str(project)).returncode != 0:
        raise BootstrapError(
            "The environment of {} could not be built; uv says above why.\n"
            "Without a network: connect once, run this command again; afterwards none is needed.".format(what)
        )
    say("The environment of {} is ready ({:.0f} s).".format(what, time.monotonic() - started))


def build_environments(with_tests):
    uv = find_uv() or fetch_uv()
    # --inexact: running the house after the tests must not throw the test tools out again, and neither may ever remove
    # what a person added for training.
    options = ["--inexact"] if with_tests else ["--inexact", "--no-default-groups"]
    sync(uv, ROOT, ROOT_PYTHONS, "Sayable", options)
    sync(uv, RASA_PROJECT, RASA_PYTHONS, "Rasa", options)
    return uv


def hand_over(arguments):
    """Become `python …` of the root environment, so that signals go straight to it."""
    python = str(project_python(ROOT))
    environment = uv_environment()
    os.chdir(str(ROOT))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(python, [python] + arguments, environment)


def main():
    parser = argparse.ArgumentParser(description="Build Sayable's two environments and start a job in them.")
    parser.add_argument(
        "job",
        choices=["run", "sync", "sync-tests"],
        help="run: start the house; sync: only build what running needs; sync-tests: and what the tests need",
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed on to `sayable up`")
    asked = parser.parse_args()
    if sys.version_info < (3, 9):
        raise BootstrapError(
            "This is Python {}.{} ({}); starting Sayable needs 3.9 or newer.\n"
            "Name another one on the command line, for instance: make run PYTHON=python3.11".format(*sys.version_info[:2], sys.executable)
        )
    if os.name == "nt":
        raise BootstrapError("Sayable runs on Linux and macOS; on Windows use WSL 2 (https://learn.microsoft.com/windows/wsl/).")
    build_environments(with_tests=asked.job == "sync-tests")
    if asked.job == "run":
        hand_over(["-m", "sayable", "up"] + asked.rest)


if __name__ == "__main__":
    try:
        main()
    except BootstrapError as problem:
        say(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(130)
