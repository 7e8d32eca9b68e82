"""Read the reading models back out of the int8 ONNX file, so that training can go on from them."""

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from sayable.train_scorer.network import ReadingModel

_PRODUCT = re.compile(r"^/(?:models\.(\d+)/)?(.+)/(?:Gemm_)?MatMul_quant$")
_TABLES = ("words", "places", "kinds")


def unpack_models(path: Path) -> list[ReadingModel]:
    """The models whose mean `export` wrote to `path`, with weights as exact as eight bits kept them. Raises KeyError if one is lacking."""
    graph = onnx.load(str(path)).graph
    arrays = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    numbers = sorted({int(found[1]) for name in arrays if (found := re.match(r"models\.(\d+)\.", name))})
    states: dict[str, dict[str, torch.Tensor]] = {f"models.{number}.": {} for number in numbers} or {"": {}}
    for prefix, state in states.items():
        for table in _TABLES:
            state[f"{table}.weight"] = _widen(arrays, f"{prefix}{table}.weight")
        for name, array in arrays.items():
            if name.startswith(prefix) and not name.endswith(("_quantized", "_scale", "_zero_point")):
                state[name.removeprefix(prefix)] = torch.from_numpy(array.copy())
    for node in graph.node:
        if node.op_type == "MatMulInteger" and (found := _PRODUCT.match(node.name)):
            prefix = f"models.{found[1]}." if found[1] else ""
            states[prefix][found[2].replace("/", ".") + ".weight"] = _widen(arrays, node.input[1].removesuffix("_quantized")).T.contiguous()
    models = []
    for state in states.values():
        model = ReadingModel()
        wanted = model.state_dict().keys()
        missing = wanted - state.keys()
        if missing:
            raise KeyError(f"{path} lacks {', '.join(sorted(missing))}")
        model.load_state_dict({key: state[key] for key in wanted})
        models.append(model)
    return models


def _widen(arrays: dict[str, np.ndarray], name: str) -> torch.Tensor:
    """Eight-bit weights as floats: (q - zero point) · scale, per column where there is one scale a column."""
    packed, scale, zero = (arrays[f"{name}_{part}"] for part in ("quantized", "scale", "zero_point"))
    return torch.from_numpy((packed.astype(np.float32) - zero.astype(np.float32)) * scale)
