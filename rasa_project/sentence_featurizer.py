"""Rasa's view of the sentence encoder: one dense vector per message, for the classifier behind it in config.yml.

A message to be understood also gets `nearest`: the scenes that come nearest to it, for the action that offers scenes.
"""

import os
from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_project.kept_vectors import place_of_vectors
from rasa_project.recipe import ROOT
from rasa_project.scene_nearness import SceneNearness
from rasa_project.sentence_encoder import SentenceEncoder
from rasa_project.settings import read_home


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features of shape (1, 384), and the nearest scenes. Nothing is trained and nothing is stored with the model."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`scale` stretches the vectors: Rasa's logistic regression has a fixed C of 1, and C = scale² does the same."""
        return {**DenseFeaturizer.get_default_config(), "scale": 3.2}

    @classmethod
    def required_components(cls) -> List[Type]:
        """None: the encoder cuts the text itself."""
        return []

    @staticmethod
    def required_packages() -> List[Text]:
        """What Rasa checks before training."""
        return ["numpy", "tokenizers", "safetensors"]

    def __init__(self, config: Dict[Text, Any], execution_context: ExecutionContext) -> None:
        super().__init__(execution_context.node_name, config)
        self._encoder = SentenceEncoder.load()
        self._nearness = SceneNearness(self._encoder, ROOT / "data" / "scenarios", place_of_vectors(read_home(os.environ)))

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "SentenceFeaturizer":
        """As Rasa's graph wants it."""
        return cls(config, execution_context)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Any positive scale will do."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the vector and the nearest scenes to each message, in place."""
        for message in messages:
            if message.get(TEXT):
                message.set("nearest", self._nearness.find_nearest(self._add_vector(message)), add_to_output=True)
        return messages

    def _add_vector(self, message: Message) -> np.ndarray:
        vector = self._encoder.encode(message.get(TEXT))
        scaled = vector[None, :] * self._config["scale"]
        message.add_features(Features(scaled, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return vector

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the vector to the training examples."""
        for example in training_data.training_examples:
            if example.get(TEXT):
                self._add_vector(example)
        return training_data
