"""Boosted trees as ONNX graphs that go the same way at every split, and ONNX Runtime as their engine.

LightGBM compares doubles with doubles, XGBoost floats with floats; a graph that compares anything else flips splits
where a feature lies close to a threshold. So the trees are written node by node, in the precision of their maker:
``TreeEnsembleRegressor`` with double tensors, before it for XGBoost a cast to float and back. Sums are taken in double.
The answer has a float's precision, about 1e-7 relative.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.errors import InputError, ModelUnavailableError
from steel_energy.quality import Finding

if TYPE_CHECKING:
    import lightgbm as lgb
    import xgboost as xgb

    from steel_energy.forecasting.boosting import BoostedForecaster
    from steel_energy.forecasting.trees import LightGBMTrees, XGBoostTrees
    from steel_energy.params import LeadRange

Link = Literal["identity", "log"]
INPUT, OUTPUT = "features", "prediction"
OPSET, ML_OPSET, IR_VERSION = 17, 3, 8  # the oldest that know double tensors in trees: any runtime of these years
TOLERANCE = 1e-5
"""Largest relative difference between the two engines that still counts as equal."""
LOG_LOSSES = {"tweedie", "poisson", "gamma"}
"""Losses whose trees add up to the logarithm of the prediction, by both makers' names for them."""
IDENTITY_LOSSES = {
    *("regression", "regression_l1", "huber", "quantile", "fair", "mape"),
    *("squarederror", "absoluteerror", "pseudohubererror", "quantileerror"),
}
"""Losses whose trees add up to the prediction itself."""


@dataclass(frozen=True)
class Node:
    """A node of a tree: a leaf where it has a ``value``, else a split that goes to node ``yes`` or ``no``.

    A missing value (NaN) goes the way that the maker of the trees would send it.
    """

    tree: int
    node: int
    feature: int = 0
    threshold: float = 0.0
    yes: int = 0
    no: int = 0
    missing_goes_yes: bool = False
    value: float | None = None


@dataclass(frozen=True)
class TreeTable:
    """All nodes of all trees; ``comparison`` is that of every split, ``base`` is added to the sum of the leaves."""

    comparison: Literal["BRANCH_LEQ", "BRANCH_LT"]
    link: Link
    columns: int
    base: float
    nodes: tuple[Node, ...]


def lightgbm_table(booster: lgb.Booster) -> TreeTable:
    """The trees of a LightGBM regressor.

    Raises:
        InputError: it splits categories, takes zeros as missing, has linear leaves or averages its trees.
    """
    dump = booster.dump_model()
    if dump["average_output"]:
        raise _unknown("a forest, which averages its trees")
    nodes = [node for tree in dump["tree_info"] for node in _lightgbm_nodes(tree["tree_index"], tree["tree_structure"])]
    return TreeTable("BRANCH_LEQ", _link(dump["objective"]), len(dump["feature_names"]), 0.0, tuple(nodes))


def xgboost_table(booster: xgb.Booster) -> TreeTable:
    """The trees of an XGBoost regressor.

    Raises:
        InputError: it splits categories, or is no sum of trees.
    """
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    if learner["gradient_booster"]["name"] != "gbtree":
        raise _unknown("a linear or dropout booster")
    link = _link(learner["objective"]["name"])
    shape = learner["learner_model_param"]
    base = float(np.float32(np.ravel(json.loads(shape["base_score"]))[0]))
    nodes = [
        node
        for index, tree in enumerate(learner["gradient_booster"]["model"]["trees"])
        for node in _xgboost_nodes(index, tree)
    ]
    return TreeTable(
        "BRANCH_LT", link, int(shape["num_feature"]), float(np.log(base)) if link == "log" else base, tuple(nodes)
    )


def to_onnx(table: TreeTable) -> bytes:
    """A serialised graph from features (rows, columns), double, to the prediction (rows, 1), float.

    Raises:
        ModelUnavailableError: the ``onnx`` package is not installed.
    """
    onnx = _extra("onnx")
    helper, types = onnx.helper, onnx.TensorProto
    steps, source = [], INPUT
    if table.comparison == "BRANCH_LT":  # XGBoost reads features as floats
        steps = [
            helper.make_node("Cast", [INPUT], ["single"], to=types.FLOAT),
            helper.make_node("Cast", ["single"], ["rounded"], to=types.DOUBLE),
        ]
        source = "rounded"
    summed = "logarithm" if table.link == "log" else OUTPUT
    steps.append(
        helper.make_node("TreeEnsembleRegressor", [source], [summed], domain="ai.onnx.ml", **_attributes(table))
    )
    if table.link == "log":
        steps.append(helper.make_node("Exp", ["logarithm"], [OUTPUT]))
    graph = helper.make_graph(
        steps,
        "boosted trees",
        [helper.make_tensor_value_info(INPUT, types.DOUBLE, [None, table.columns])],
        [helper.make_tensor_value_info(OUTPUT, types.FLOAT, [None, 1])],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised


def export_booster(booster: lgb.Booster | xgb.Booster, path: Path) -> Path:
    """Write the trees of LightGBM or XGBoost as an ONNX file.

    Raises:
        InputError: the booster has something that is not written here; names it.
        ModelUnavailableError: the ``onnx`` package is not installed.
    """
    maker = type(booster).__module__.partition(".")[0]
    table = {"lightgbm": lightgbm_table, "xgboost": xgboost_table}[maker](booster)
    path.write_bytes(to_onnx(table))
    return path


def onnx_engine(path: Path) -> Callable[[FloatArray], FloatArray]:
    """What ``export_booster`` wrote, on ONNX Runtime and one thread: features (rows, columns) to predictions (rows,).

    Raises:
        ModelUnavailableError: the ``onnxruntime`` package is not installed.
    """
    runtime = _extra("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    return lambda features: session.run([OUTPUT], {INPUT: features})[0][:, 0].astype(np.float64)


def export_forecaster(forecaster: BoostedForecaster, folder: Path) -> dict[LeadRange, Path]:
    """Write the trees of every range of leads as an ONNX file of its own; returns where."""
    files = {}
    for model in forecaster.models:
        booster = cast("LightGBMTrees | XGBoostTrees", model.trees).booster
        name = f"leads-{model.leads.first:03d}-{model.leads.last:03d}.onnx"
        files[model.leads] = export_booster(booster, folder / name)
    return files


def is_equal(native: FloatArray, exported: FloatArray) -> Finding:
    """Predictions of both engines, shape (rows,), differ by no more than ``TOLERANCE`` of the native one."""
    difference = np.abs(native - exported) / np.maximum(np.abs(native), np.finfo(float).tiny)
    return Finding(
        bool((difference <= TOLERANCE).all()),
        f"at most {TOLERANCE:g} relative on each of {native.size:,} rows",
        f"{difference.max(initial=0.0):.1e}",
    )


def _lightgbm_nodes(tree: int, root: dict[str, Any]) -> Iterator[Node]:
    """The nodes of a tree that ``dump_model`` nests, numbered from the root downwards."""
    numbered, waiting = 1, [(0, root)]
    while waiting:
        node, content = waiting.pop()
        if "leaf_coeff" in content:
            raise _unknown("linear leaves")
        if "leaf_value" in content:
            yield Node(tree, node, value=content["leaf_value"])
            continue
        if content["decision_type"] != "<=" or content["missing_type"] == "Zero":
            raise _unknown("splits of categories, or zeros as missing values")
        yes, no = numbered, numbered + 1
        numbered += 2
        threshold = content["threshold"]
        # Where training saw no missing value, LightGBM reads one as zero.
        missing = content["default_left"] if content["missing_type"] == "NaN" else threshold >= 0
        yield Node(tree, node, content["split_feature"], threshold, yes, no, missing)
        waiting += [(yes, content["left_child"]), (no, content["right_child"])]


def _xgboost_nodes(index: int, tree: dict[str, Any]) -> Iterator[Node]:
    """The nodes of a tree as XGBoost saves it: one list for each property; leaves have their value as condition."""
    if any(tree["split_type"]):
        raise _unknown("splits of categories")
    for node, (condition, yes, no) in enumerate(
        zip(tree["split_conditions"], tree["left_children"], tree["right_children"], strict=True)
    ):
        number = float(np.float32(condition))
        if yes < 0:
            yield Node(index, node, value=number)
        else:
            yield Node(index, node, tree["split_indices"][node], number, yes, no, bool(tree["default_left"][node]))


def _attributes(table: TreeTable) -> dict[str, Any]:
    """What ``TreeEnsembleRegressor`` wants: a list for each property of the nodes, and of the leaves again."""
    from_array = _extra("onnx").numpy_helper.from_array
    nodes = table.nodes
    leaves = [(node, node.value) for node in nodes if node.value is not None]

    def doubles(values: list[float], name: str) -> Any:  # noqa: ANN401 - a tensor
        return from_array(np.array(values, dtype=np.float64), name)

    return {
        "n_targets": 1,
        "aggregate_function": "SUM",
        "base_values_as_tensor": doubles([table.base], "base_values"),
        "nodes_treeids": [node.tree for node in nodes],
        "nodes_nodeids": [node.node for node in nodes],
        "nodes_featureids": [node.feature for node in nodes],
        "nodes_modes": [table.comparison if node.value is None else "LEAF" for node in nodes],
        "nodes_values_as_tensor": doubles([node.threshold for node in nodes], "nodes_values"),
        "nodes_truenodeids": [node.yes for node in nodes],
        "nodes_falsenodeids": [node.no for node in nodes],
        "nodes_missing_value_tracks_true": [int(node.missing_goes_yes) for node in nodes],
        "target_treeids": [leaf.tree for leaf, _ in leaves],
        "target_nodeids": [leaf.node for leaf, _ in leaves],
        "target_ids": [0] * len(leaves),
        "target_weights_as_tensor": doubles([value for _, value in leaves], "target_weights"),
    }


def _link(objective: str) -> Link:
    """The link of a loss by its maker's name for it."""
    kind = objective.partition(" ")[0].removeprefix("reg:")
    if kind in LOG_LOSSES:
        return "log"
    if kind in IDENTITY_LOSSES:
        return "identity"
    raise _unknown(f"the loss {kind}")


def _unknown(what: str) -> InputError:
    return InputError(f"cannot write {what} as ONNX", field="booster", remedy="export another model")


def _extra(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise ModelUnavailableError(
            f"{name} is not installed", field="onnx", remedy="pip install 'steel-energy-copilot[onnx]'"
        ) from error
