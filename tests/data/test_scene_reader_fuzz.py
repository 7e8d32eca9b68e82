"""Whatever stands in a scene file, the reader answers with faults and never with a traceback."""

import contextlib
import copy
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.faults import ContentError
from data.read_yaml import read_yaml
from data.scenarios import check_scene
from data.scenarios.reader import HERE

TEXT = (HERE / "S17.yml").read_text(encoding="utf-8")
RAW = yaml.load(TEXT, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates())
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6
)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(node, place=()):
    """Every place in nested data."""
    yield place
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*place, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from places(value, (*place, number))


PLACES = [place for place in places(RAW) if place]


@QUIET
@given(place=st.sampled_from(PLACES), value=VALUES)
def test_anything_anywhere_in_a_scene_is_told_as_a_fault(place, value):
    """One value replaced by anything: the scene is read, or its faults have a place."""
    raw = copy.deepcopy(RAW)
    node = raw
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    _, faults = check_scene(Path("S17.yml"), yaml.safe_dump(raw, allow_unicode=True))
    for fault in faults:
        assert isinstance(fault, ContentError)
        assert fault.line >= 1
        assert str(fault)


@QUIET
@given(start=st.integers(0, len(TEXT)), length=st.integers(0, 200), text=st.text(max_size=20))
def test_a_torn_file_is_told_as_a_fault(start, length, text):
    """A piece cut out and something else put in its place."""
    check_scene(Path("S17.yml"), TEXT[:start] + text + TEXT[start + length :])


@QUIET
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    """No text makes the reader fall over."""
    with contextlib.suppress(ContentError):
        read_yaml(Path("x.yml"), text)
