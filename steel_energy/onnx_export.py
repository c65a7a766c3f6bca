"""Boosted trees as ONNX graphs that go the same way at every split, and ONNX Runtime as their engine.

LightGBM compares doubles with doubles, XGBoost floats with floats; a graph that compares anything else flips splits
where a feature lies close to a threshold. So the trees are written node by node, in the precision of their maker:
``TreeEnsembleRegressor`` with double tensors, before it for XGBoost a cast to float and back. Sums are taken in double.
The answer has a float's precision, about 1e-7 relative; XGBoost, which adds in floats, itself errs by up to some 5e-6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.errors import ModelUnavailableError
from steel_energy.quality import Finding
from steel_energy.tree_tables import TreeTable, table_of

if TYPE_CHECKING:
    import lightgbm as lgb
    import xgboost as xgb

    from steel_energy.forecasting.boosters import LightGBMBooster, XGBoostBooster
    from steel_energy.forecasting.boosting import BoostedForecaster
    from steel_energy.forecasting.trees import TwoStateTrees
    from steel_energy.params import LeadRange

INPUT, OUTPUT = "features", "prediction"
OPSET, ML_OPSET, IR_VERSION = 17, 3, 8  # the oldest that know double tensors in trees: any runtime of these years
TOLERANCE = 1e-5
"""Largest relative difference between the two engines that still counts as equal."""


def to_onnx(table: TreeTable) -> bytes:
    """A serialised graph from features (rows, columns), double, to the prediction (rows, 1), float.

    Raises:
        ModelUnavailableError: the ``onnx`` package is not installed.
    """
    return _serialised(_steps(table, OUTPUT), table.columns)


def two_states_to_onnx(parts: Mapping[str, TreeTable], *, usual_column: int = 0, usual_share: float = 0.0) -> bytes:
    """One graph of a load with two states, drawn towards what the plant usually does; else as ``to_onnx``.

    Args:
        parts: ``chance`` of running, usage while ``running`` and while ``idle``; the mean is
            ``idle + chance * (running - idle)``.
        usual_column: the feature that says what is usual.
        usual_share: its weight, 0-1; where it is missing (NaN), the mean stands alone.
    """
    onnx = _extra("onnx")
    node = onnx.helper.make_node
    steps = [step for name, table in parts.items() for step in _steps(table, name)]
    steps += [
        node("Sub", ["running", "idle"], ["difference"]),
        node("Mul", ["chance", "difference"], ["expected"]),
        node("Add", ["idle", "expected"], ["mean"]),
        _constant("column", np.array([usual_column], dtype=np.int64)),
        _constant("share", np.array(usual_share, dtype=np.float32)),
        node("Gather", [INPUT, "column"], ["found"], axis=1),
        node("Cast", ["found"], ["usual"], to=onnx.TensorProto.FLOAT),
        node("IsNaN", ["usual"], ["is_missing"]),
        node("Where", ["is_missing", "mean", "usual"], ["towards"]),
        node("Sub", ["towards", "mean"], ["distance"]),
        node("Mul", ["share", "distance"], ["drawn"]),
        node("Add", ["mean", "drawn"], [OUTPUT]),
    ]
    return _serialised(steps, parts["idle"].columns)


def export_booster(booster: lgb.Booster | xgb.Booster, path: Path) -> Path:
    """Write the trees of LightGBM or XGBoost as an ONNX file.

    Raises:
        InputError: the booster has something that is not written here; names it.
        ModelUnavailableError: the ``onnx`` package is not installed.
    """
    path.write_bytes(to_onnx(table_of(booster)))
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
    """Write the mean of every range of leads as an ONNX file of its own, from the features on; returns where.

    Raises:
        ModelUnavailableError: the ``onnx`` package is not installed.
    """
    from steel_energy.features import FEATURES, USUAL_FEATURE  # noqa: PLC0415 - only a forecaster has them

    files = {}
    for model in forecaster.models:
        path = folder / f"{model.leads.name}.onnx"
        content = two_states_to_onnx(
            _tables(model.trees), usual_column=FEATURES.index(USUAL_FEATURE), usual_share=model.usual_share
        )
        path.write_bytes(content)
        files[model.leads] = path
    return files


def export_two_states(trees: TwoStateTrees, path: Path) -> Path:
    """Write a load with two states alone as one ONNX file.

    Raises:
        ModelUnavailableError: the ``onnx`` package is not installed.
    """
    path.write_bytes(two_states_to_onnx(_tables(trees)))
    return path


def is_equal(native: FloatArray, exported: FloatArray) -> Finding:
    """Predictions of both engines, shape (rows,), differ by no more than ``TOLERANCE`` of the native one."""
    difference = np.abs(native - exported) / np.maximum(np.abs(native), np.finfo(float).tiny)
    return Finding(
        bool((difference <= TOLERANCE).all()),
        f"at most {TOLERANCE:g} relative on each of {native.size:,} rows",
        f"{difference.max(initial=0.0):.1e}",
    )


def _steps(table: TreeTable, output: str) -> list[Any]:
    """The operators from the features to ``output``; names of what lies between begin with that."""
    onnx = _extra("onnx")
    node, types = onnx.helper.make_node, onnx.TensorProto
    steps, source = [], INPUT
    if table.comparison == "BRANCH_LT":  # XGBoost reads features as floats
        single, source = f"{output}_single", f"{output}_rounded"
        steps += [
            node("Cast", [INPUT], [single], to=types.FLOAT),
            node("Cast", [single], [source], to=types.DOUBLE),
        ]
    summed = output if table.link == "identity" else f"{output}_sum"
    steps.append(node("TreeEnsembleRegressor", [source], [summed], domain="ai.onnx.ml", **_attributes(table)))
    if table.link == "log":
        steps.append(node("Exp", [summed], [output]))
    if table.link == "logistic":  # by hand: the operator Sigmoid is too rough for small shares
        one, negative, against, whole = (f"{output}_{name}" for name in ("one", "negative", "against", "whole"))
        steps += [
            node("Constant", [], [one], value_float=1.0),
            node("Neg", [summed], [negative]),
            node("Exp", [negative], [against]),
            node("Add", [one, against], [whole]),
            node("Reciprocal", [whole], [output]),
        ]
    return steps


def _serialised(steps: list[Any], columns: int) -> bytes:
    onnx = _extra("onnx")
    helper, types = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        steps,
        "boosted trees",
        [helper.make_tensor_value_info(INPUT, types.DOUBLE, [None, columns])],
        [helper.make_tensor_value_info(OUTPUT, types.FLOAT, [None, 1])],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised


def _tables(trees: TwoStateTrees) -> dict[str, TreeTable]:
    boosters = {part: cast("LightGBMBooster | XGBoostBooster", getattr(trees, part)) for part in trees.parts()}
    return {part: table_of(one.booster) for part, one in boosters.items()}


def _constant(name: str, value: Any) -> Any:  # noqa: ANN401 - an array, a node
    onnx = _extra("onnx")
    return onnx.helper.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(value, name))


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


def _extra(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise ModelUnavailableError(
            f"{name} is not installed", field="onnx", remedy="pip install 'steel-energy-copilot[onnx]'"
        ) from error
