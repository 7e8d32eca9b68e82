"""Write supervisord's configuration for the three programs."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from sayable.up.programs import Program

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes on Linux and 104 on macOS; supervisord first binds a name a little longer
LOG_LINES = "stdout_logfile_maxbytes=2MB\nstdout_logfile_backups=3"


def socket_path(home: Path) -> Path:
    """The supervisor's control socket: inside `home`, or, where that path is too long for a socket, in a folder of this user's in /tmp."""
    path = home / "run" / "supervisor.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH - 12:
        return path
    folder = Path(tempfile.gettempdir()) / f"sayable-{os.getuid()}"
    return folder / f"{sha256(os.fsencode(home)).hexdigest()[:16]}.sock"


def configure(programs: list[Program]) -> str:
    """The configuration as text. Paths in it are relative to SAYABLE_HOME, where supervisord runs, or come from its environment."""
    sections = [
        "; Made anew by every `sayable up`: changes here are lost.",
        "[supervisord]\nnodaemon=true\nsilent=true\nlogfile=logs/supervisor.log\nlogfile_maxbytes=1MB\nlogfile_backups=2\nloglevel=info\n"
        "pidfile=run/supervisor.pid\numask=077\nchildlogdir=tmp\nstrip_ansi=true\nnocleanup=true",
        "[unix_http_server]\nfile=%(ENV_SAYABLE_SUPERVISOR_SOCKET)s\nchmod=0600",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    for program in programs:
        hidden = " ".join(f"-u {name}" for name in program.closed_settings)
        lines = [
            f"[program:{program.name}]",
            f"command=/usr/bin/env {hidden} {program.command}",
            "directory=%(ENV_SAYABLE_ROOT)s",
            "autostart=true",
            # Whatever it died of: it is started again, a second later each time that it dies at once.
            "autorestart=true",
            "startsecs=2",
            "startretries=1000",
            "stopsignal=TERM",
            "stopwaitsecs=10",
            "stopasgroup=true",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile=logs/{program.name}.log",
            LOG_LINES,
        ]
        sections.append("\n".join(lines))
    return "\n\n".join(sections) + "\n"


def write_configuration(home: Path, programs: list[Program]) -> Path:
    path = home / "run" / "supervisord.conf"
    path.write_text(configure(programs), encoding="utf-8")
    os.chmod(path, 0o600)
    return path
