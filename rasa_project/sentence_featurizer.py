"""Rasa's view of the sentence encoder: one dense vector per message, for the classifier behind it in config.yml."""

from typing import Any, Dict, List, Text, Type

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

from rasa_project.sentence_encoder import SentenceEncoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features of shape (1, 384). Nothing is trained and nothing is stored with the model."""

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
        """Adds the vector to each message, in place."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                vector = self._encoder.encode(text)[None, :] * self._config["scale"]
                message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for the training examples."""
        self.process(training_data.training_examples)
        return training_data
