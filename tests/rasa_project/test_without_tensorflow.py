"""Rasa without TensorFlow: only when the recipe needs none, and never silently wrong."""

import subprocess
import sys

import pytest

from rasa_project.recipe import ROOT
from rasa_project.without_tensorflow import list_components

RUN = """
import sys
from pathlib import Path
from rasa_project.without_tensorflow import leave_tensorflow_out
print(leave_tensorflow_out(Path(sys.argv[1])))
"""


def run(code, *arguments):
    return subprocess.run([sys.executable, "-W", "ignore", "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_our_recipe_needs_no_tensorflow():
    """The recipe as it is runs on shells."""
    assert run(RUN, str(ROOT / "config.yml")).stdout.strip() == "True"


@pytest.mark.parametrize(
    "recipe",
    [
        "pipeline:\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n",
        "pipeline:\n- name: WhitespaceTokenizer\npolicies:\n- name: TEDPolicy\n",
        "pipeline:\n- name: my_module.MyComponent\npolicies:\n- name: RulePolicy\n",
        "recipe: default.v1\n",
        "pipeline:\n- name: WhitespaceTokenizer\npolicies:\n",
        "",
    ],
)
def test_a_recipe_that_may_need_it_gets_it(tmp_path, recipe):
    """Somebody who adds DIET, a policy that learns, or anything unknown, gets the real TensorFlow."""
    (tmp_path / "config.yml").write_text(recipe)
    assert run(RUN, str(tmp_path / "config.yml")).stdout.strip() == "False"


def test_what_is_left_out_can_be_named_but_not_computed_with():
    """A shell may be subclassed and annotated with; using it fails loudly."""
    code = (
        RUN
        + """
import tensorflow as tf
import tensorflow.keras.layers
class Layer(tf.keras.layers.Layer): pass
@tf.function
def twice(x): return 2 * x
assert twice(2) == 4
def annotated(a: "tf.Tensor", b: tf.data.Dataset[int] | None = None): pass
try:
    tf.constant([1.0]).numpy()(1, 2)
except (RuntimeError, AttributeError) as error:
    print(type(error).__name__)
"""
    )
    done = run(code, str(ROOT / "config.yml"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "True" and len(done.stdout.split()) == 2


def test_the_components_of_a_recipe_are_listed():
    """Pipeline and policies, by name."""
    assert list_components(ROOT / "config.yml")[-1] == "RulePolicy"


@pytest.mark.slow
def test_the_serving_process_does_not_hold_tensorflow(agent):
    """The agent that all channel tests use runs on shells: no array library of TensorFlow's is in the process."""
    assert agent.is_ready()
    assert not [name for name in sys.modules if name.split(".")[0] in ("jax", "jaxlib", "h5py")]
    assert type(sys.modules["tensorflow"]).__name__ == "ShellModule"
