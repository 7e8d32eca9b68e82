"""Scenes to practise: one YAML file each, read and checked by `load_scene`. How to write one: docs/SCENES.md."""

from data.scenarios.reader import check_scene, list_reflections, list_scene_files, list_scenes, load_scene, read_scene
from data.scenarios.scene import Reflection, Scene

__all__ = ["Reflection", "Scene", "check_scene", "list_reflections", "list_scene_files", "list_scenes", "load_scene", "read_scene"]
