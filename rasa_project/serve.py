"""Starts Rasa for Sayable: `python -m rasa_project.serve` in Rasa's environment, from the repository's root.

Does what `rasa run` does without its command line's other imports: no API, no CORS, loopback, no telemetry, quiet logs.
"""

import logging
import os
import sys
from pathlib import Path

from rasa_project.recipe import ROOT, model_path
from rasa_project.settings import RasaSettings, read_settings
from rasa_project.without_tensorflow import leave_tensorflow_out

QUIET = "ERROR"


class WithoutExceptionText(logging.Filter):
    """Keeps an exception's type and drops its text and trace: Rasa's may quote a whole request, the client's words included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record through, cut to what may be written."""
        if record.exc_info:
            kind = record.exc_info[0]
            record.msg, record.args = f"{record.getMessage().splitlines()[0][:120]} ({kind.__name__ if kind else 'error'})", ()
            record.exc_info = record.exc_text = None
        return True


def serve(settings: RasaSettings, model: str) -> None:
    """Runs until stopped. The files for endpoints and credentials take their secrets from the environment set here."""
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        LOG_LEVEL=QUIET,
        LOG_LEVEL_LIBRARIES=QUIET,
        SAYABLE_ACTIONS_URL=settings.actions_url,
        SAYABLE_ACTIONS_SECRET=settings.actions_secret,
        SAYABLE_CHANNEL_SECRET=settings.channel_secret,
    )
    # Small matrices: a second thread gains nothing on them and takes the core on which the action server works.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

    leave_tensorflow_out(ROOT / "config.yml")
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from rasa_project.action_answers import prove_schema_once
    from rasa_project.action_connection import keep_connection
    from rasa_project.known_decisions import remember_decisions
    from rasa_project.one_action import stop_after_one_action

    prove_schema_once()
    stop_after_one_action()
    remember_decisions()
    configure_logging_and_warnings(logging.ERROR, None, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(logging.ERROR)
    for name in ("", "rasa", "rasa.core.processor", "rasa.core.actions.action", "sanic.error", "sanic.root"):
        logging.getLogger(name).addFilter(WithoutExceptionText())
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutExceptionText())
    serve_application(
        model_path=model,
        interface=settings.host,
        port=settings.port,
        credentials=str(ROOT / "rasa_project" / "credentials.yml"),
        endpoints=keep_connection(AvailableEndpoints.read_endpoints(str(ROOT / "rasa_project" / "endpoints.yml"))),
        enable_api=False,
    )


def main() -> int:
    """Entry: 2 and a sentence when a setting is wrong or no model fits the present recipe."""
    os.chdir(ROOT)
    try:
        settings = read_settings(os.environ)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    # `sayable up` names the model: a Rasa started again after a crash must not want another one because somebody edits the dialogue data.
    model = Path(os.environ.get("SAYABLE_RASA_MODEL") or model_path(settings.home))
    if not model.exists():
        print(f"No model fits the present recipe ({model.name}). Train one: python -m rasa_project.train", file=sys.stderr)
        return 2
    serve(settings, str(model))
    return 0


if __name__ == "__main__":
    sys.exit(main())
