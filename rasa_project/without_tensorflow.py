"""Lets Rasa run without TensorFlow when the recipe needs none: a third of the memory and half the time to start.

Rasa 3.6 imports TensorFlow, its add-ons and Matplotlib whatever the pipeline is (RASA.md), only to define classes that our recipe
never makes an instance of. Here they are replaced by empty shells that can be named, subclassed and used as decorators while
Rasa is imported; whoever tries to compute with one gets a RuntimeError. Training and Rasa's own command line use the real ones.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any, ClassVar, List, Sequence

import yaml

SHELLS = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "matplotlib"})
NEED_NONE = frozenset(
    {
        "WhitespaceTokenizer",
        "RegexFeaturizer",
        "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer",
        "LogisticRegressionClassifier",
        "SklearnIntentClassifier",
        "KeywordIntentClassifier",
        "FallbackClassifier",
        "rasa_project.sentence_featurizer.SentenceFeaturizer",
        "RulePolicy",
        "MemoizationPolicy",
        "AugmentedMemoizationPolicy",
    }
)
"""Components known to work on shells (the first and the last are tested with every start); any other in the recipe gets the real thing."""


class ShellMeta(type):
    """Any attribute of a shell is a shell, and a shell can stand in any annotation."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        shell = ShellMeta(name, (Shell,), {})
        setattr(cls, name, shell)
        return shell

    def __getitem__(cls, _item: Any) -> Any:
        return cls

    def __or__(cls, _other: Any) -> Any:
        return cls

    __ror__ = __or__


class Shell(metaclass=ShellMeta):
    """Stands for a class or function of a library that is not loaded. As a decorator it leaves what it decorates as it is."""

    def __new__(cls, *arguments: Any, **settings: Any) -> Any:
        if len(arguments) == 1 and callable(arguments[0]) and not settings:
            return arguments[0]
        return object.__new__(cls)

    def __init__(self, *_arguments: Any, **_settings: Any) -> None:
        """Taken as it comes: Rasa makes a few at import."""

    def __call__(self, *arguments: Any, **_settings: Any) -> Any:
        if len(arguments) == 1 and callable(arguments[0]):
            return arguments[0]
        raise RuntimeError("This recipe was taken to need no TensorFlow (rasa_project/without_tensorflow.py).")


class ShellModule(types.ModuleType):
    """A module of shells."""

    __path__: ClassVar[List[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        shell = ShellMeta(name, (Shell,), {})
        setattr(self, name, shell)
        return shell


class ShellFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a ShellModule for every module of the libraries that are left out."""

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """A spec for what is left out, None for all else."""
        if name.split(".")[0] in SHELLS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        """An empty module."""
        return ShellModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Only a version, which Rasa compares."""
        module.__version__ = "2.12.0"


def leave_tensorflow_out(config: Path) -> bool:
    """Puts shells in place of TensorFlow for this process if every component in `config` works on them; says whether it did.

    To be called before anything of Rasa is imported.
    """
    if "tensorflow" in sys.modules or not set(list_components(config)) <= NEED_NONE:
        return False
    sys.meta_path.insert(0, ShellFinder())
    return True


def list_components(config: Path) -> Sequence[str]:
    """Names of all components and policies of a recipe; a recipe that leaves them to Rasa's defaults names TensorFlow's."""
    recipe = yaml.safe_load(config.read_text(encoding="utf-8")) or {}
    names = []
    for part in ("pipeline", "policies"):
        components = recipe.get(part)
        names += [str(component.get("name")) for component in components] if isinstance(components, list) else ["Rasa's default"]
    return names
