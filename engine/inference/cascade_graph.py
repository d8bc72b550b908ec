"""What joins a cascade's two graphs, as ONNX graphs themselves. Must not import torch.

For programs that know only ONNX: ``with_skip`` gives the fast graph one more output, ``skipped``;
``joining_graph`` makes the cascade's answer of both graphs' outputs. It says what
`engine.models.cascade.CascadeRule` says.
"""

from __future__ import annotations

import math

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engine.models.cascade import SMALLEST_CHANCE, CascadeRule

OPSET = 17
JOIN_INPUTS = ("fast_score", "fast_prob", "expert_score", "expert_prob", "skipped", "limits")
JOIN_OUTPUTS = ("score", "class_prob", "verdict")
_NODES = (
    # operation, inputs, output
    ("Mul", ("fast_score", "of_fast"), "fast_share"),
    ("Mul", ("expert_score", "of_expert"), "expert_share"),
    ("Sum", ("fast_share", "expert_share", "offset"), "fused"),
    ("Gather", ("limits", "first"), "ok"),
    ("Gather", ("limits", "second"), "ng"),
    ("Min", ("fast_score", "ok"), "alone"),
    ("Where", ("skipped", "alone", "fused"), "score"),
    ("Greater", ("score", "ok"), "above_ok"),
    ("Greater", ("score", "ng"), "above_ng"),
    ("Where", ("skipped", "whole", "class_share"), "share"),
    ("Unsqueeze", ("share", "last_axis"), "share_of_fast"),
    ("Sub", ("whole", "share_of_fast"), "share_of_expert"),
    ("Slice", ("fast_prob", "from_defects", "to_end", "last_axis"), "fast_defects"),
    ("Slice", ("expert_prob", "from_defects", "to_end", "last_axis"), "expert_defects"),
    ("Max", ("fast_defects", "smallest"), "fast_chances"),
    ("Max", ("expert_defects", "smallest"), "expert_chances"),
    ("Log", ("fast_chances",), "fast_logs"),
    ("Log", ("expert_chances",), "expert_logs"),
    ("Mul", ("fast_logs", "share_of_fast"), "fast_part"),
    ("Mul", ("expert_logs", "share_of_expert"), "expert_part"),
    ("Add", ("fast_part", "expert_part"), "logits"),
    ("Sigmoid", ("score",), "chance"),
    ("Unsqueeze", ("chance", "last_axis"), "defect"),
    ("Sub", ("whole", "defect"), "good"),
)


def joining_graph(rule: CascadeRule) -> bytes:
    """float32 scores [N] and class probabilities [N, K] of both models, ``skipped`` bool [N] and
    limits [2] to score [N], class_prob [N, K] and verdict int64 [N]: 0 OK, 1 REVIEW, 2 NG.

    What the expert is said to say of skipped parts does not matter, if it is finite.
    """
    of_fast, of_expert, offset = rule.fused_weights
    floats = {
        "of_fast": of_fast,
        "of_expert": of_expert,
        "offset": offset,
        "class_share": rule.class_share,
        "whole": 1.0,
        "smallest": SMALLEST_CHANCE,
    }
    constants = [_constant(name, np.float32(value)) for name, value in floats.items()]
    constants += [_constant("first", np.int64(0)), _constant("second", np.int64(1))]
    for name, value in (("from_defects", 1), ("to_end", 2**31 - 1), ("last_axis", 1)):
        constants.append(_constant(name, np.array([value], np.int64)))
    nodes = [helper.make_node(kind, list(inputs), [out]) for kind, inputs, out in _NODES]
    nodes += [
        helper.make_node("Softmax", ["logits"], ["among"], axis=1),
        helper.make_node("Mul", ["defect", "among"], ["defects"]),
        helper.make_node("Concat", ["good", "defects"], ["class_prob"], axis=1),
        helper.make_node("Cast", ["above_ok"], ["one"], to=TensorProto.INT64),
        helper.make_node("Cast", ["above_ng"], ["two"], to=TensorProto.INT64),
        helper.make_node("Add", ["one", "two"], ["verdict"]),
    ]
    shapes: dict[str, list[int | str]] = {
        "fast_prob": ["N", "K"], "expert_prob": ["N", "K"], "class_prob": ["N", "K"], "limits": [2],
    }  # fmt: skip
    kinds = {"skipped": TensorProto.BOOL, "verdict": TensorProto.INT64}

    def described(name: str) -> onnx.ValueInfoProto:
        kind = kinds.get(name, TensorProto.FLOAT)
        return helper.make_tensor_value_info(name, kind, shapes.get(name, ["N"]))

    graph = helper.make_graph(
        nodes, "cascade", [described(name) for name in JOIN_INPUTS],
        [described(name) for name in JOIN_OUTPUTS], constants,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def with_skip(fast: bytes, rule: CascadeRule, good_novelty: NDArray[np.float32]) -> bytes:
    """The fast graph with the output ``skipped`` bool [N]; ``good_novelty`` float32 [n] are the
    guard's distances of known good parts."""
    model = onnx.load_from_string(fast)
    skip = -math.inf if rule.skip_limit is None else rule.skip_limit
    limits = {"skip_limit": skip, "novelty_limit": novelty_limit(rule, good_novelty)}
    model.graph.initializer.extend(_constant(n, np.float32(v)) for n, v in limits.items())
    model.graph.node.extend(
        [
            helper.make_node("LessOrEqual", ["score", "skip_limit"], ["clearly_good"]),
            helper.make_node("LessOrEqual", ["novelty", "novelty_limit"], ["ordinary"]),
            helper.make_node("And", ["clearly_good", "ordinary"], ["skipped"]),
        ]
    )
    model.graph.output.append(helper.make_tensor_value_info("skipped", TensorProto.BOOL, ["N"]))
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def novelty_limit(rule: CascadeRule, good_novelty: NDArray[np.float32]) -> float:
    """The largest distance whose p-value, (1 + #{d_i >= d}) / (n + 1), is above
    ``rule.ordinary_rate``; infinite where every one is."""
    ordered = np.sort(good_novelty)[::-1]
    needed = math.floor(rule.ordinary_rate * (len(ordered) + 1) - 1.0) + 1
    return math.inf if needed < 1 else float(ordered[needed - 1])


def _constant(name: str, value: np.generic | NDArray[np.int64]) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(value), name)
