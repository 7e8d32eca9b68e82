"""Write the fitted model as an int8 ONNX file that the action server can run without PyTorch."""

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from sayable.train_scorer.network import ReadingModel


class _Mean(torch.nn.Module):
    """Several models fitted from different seeds, their logits averaged."""

    def __init__(self, models: Sequence[ReadingModel]) -> None:
        super().__init__()
        self.models = torch.nn.ModuleList(models)

    def forward(
        self, ids: torch.Tensor, types: torch.Tensor, attend: torch.Tensor, replies: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        answers = [model(ids, types, attend, replies) for model in self.models]
        return sum(a[0] for a in answers) / len(answers), sum(a[1] for a in answers) / len(answers)


def export(models: Sequence[ReadingModel], target: Path) -> None:
    """Write `target` (int8, dynamic quantisation of the matrix products and the word table)."""
    model = _Mean([m.float().eval() for m in models]) if len(models) > 1 else models[0].float().eval()
    sample = (torch.ones(1, 9, dtype=torch.long), torch.zeros(1, 9, dtype=torch.long), torch.ones(1, 9), torch.ones(1, 9))
    names = ["ids", "types", "attend", "replies"]
    axes = {name: {0: "batch", 1: "length"} for name in [*names, "pieces"]} | {"pair": {0: "batch"}}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            model, sample, str(plain), input_names=names, output_names=["pieces", "pair"], dynamic_axes=axes, opset_version=17, dynamo=False
        )
        kinds = ["MatMul", "Gather", "Gemm"]
        # Seven bits of the eight: with the eighth, sums overflow on processors without VNNI, and verdicts differ from machine to machine.
        quantize_dynamic(plain, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=kinds)
