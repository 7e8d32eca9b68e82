"""PostgreSQL's own programs for copying a database: where they are, and how they are called without a password on the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

DEBIAN_FOLDER = Path("/usr/lib/postgresql")


class ToolFault(Exception):
    """A program of PostgreSQL that is missing or failed; `str()` is one or two sentences without what was typed."""


def find_tool(name: str) -> str:
    """The path of `pg_dump`, `pg_restore` or `psql`, the newest where there are several; raises ToolFault."""
    found = sorted(DEBIAN_FOLDER.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0)
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise ToolFault(f"{name} is not on this machine; install PostgreSQL's client programs (Debian: postgresql-client).")
    return path


def dump_postgres(database_url: str, target: Path) -> None:
    """Dump the database, as it is at one moment, to `target` in pg_dump's custom format; people go on using it meanwhile."""
    run_tool("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], database_url)


def write_script(path: Path, script: Path) -> None:
    """Write the dump as the SQL that makes everything in it anew."""
    run_tool("pg_restore", ["--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={script}", str(path)])


def run_script(database_url: str, script: Path) -> None:
    """Run SQL in one transaction: all of it is done, or nothing."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={script}"]
    run_tool("psql", options, database_url)


def run_tool(name: str, options: list[str], database_url: str | None = None) -> str:
    """Run a program of PostgreSQL and give what it wrote; raises ToolFault with its first line of trouble."""
    environment = dict(os.environ)
    command = [find_tool(name), *options]
    if database_url is not None:
        url = make_url(database_url)
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        given = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, **url.query}
        conninfo = make_conninfo("", **{key: str(value) for key, value in given.items() if value})
        command += ["--no-password", "--dbname", conninfo]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
    if ran.returncode != 0:
        # the first line alone: what follows may quote rows
        said = next((line for line in ran.stderr.splitlines() if "error" in line.lower()), f"exit code {ran.returncode}")
        raise ToolFault(f"{name} failed: {said[:300]}")
    return ran.stdout
