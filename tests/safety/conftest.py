from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="session")
def held_out():
    """The lines kept back from tuning: band → group → lines."""
    return yaml.safe_load((Path(__file__).parent / "held_out.yml").read_text(encoding="utf-8"))
