"""Ask the three programs whether they are well."""

import http.client
import urllib.request

from sayable.up.programs import Program

# Never through a proxy that the machine's environment may name: these addresses are on this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_healthy(program: Program, seconds: float = 2.0) -> bool:
    """True when the program's health address answers 200 within `seconds`."""
    try:
        with OPENER.open(program.health, timeout=seconds) as answer:
            return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False
