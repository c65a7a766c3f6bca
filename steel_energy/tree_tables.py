"""Boosted trees of LightGBM and XGBoost as one table of nodes, exactly as their makers walk them.

Which comparison a split makes, where a missing value goes and what the leaves add up to differs between the makers; it
is read here from their own files and nowhere guessed. What is not understood is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from steel_energy.errors import InputError

if TYPE_CHECKING:
    import lightgbm as lgb
    import xgboost as xgb

Link = Literal["identity", "log", "logistic"]
LINKS: dict[str, Link] = {
    **dict.fromkeys(("regression", "regression_l1", "huber", "quantile", "fair", "mape"), "identity"),
    **dict.fromkeys(("squarederror", "absoluteerror", "pseudohubererror", "quantileerror"), "identity"),
    **dict.fromkeys(("tweedie", "poisson", "gamma"), "log"),
    **dict.fromkeys(("binary sigmoid:1", "logistic"), "logistic"),
}
"""What the trees of a loss add up to, by both makers' names for it: the prediction, its logarithm or its log odds."""


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
    return TreeTable("BRANCH_LT", link, int(shape["num_feature"]), _margin(base, link), tuple(nodes))


def table_of(booster: lgb.Booster | xgb.Booster) -> TreeTable:
    """``lightgbm_table`` or ``xgboost_table``, whichever reads it."""
    maker = type(booster).__module__.partition(".")[0]
    return {"lightgbm": lightgbm_table, "xgboost": xgboost_table}[maker](booster)


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


def _margin(base: float, link: Link) -> float:
    """XGBoost's base score, which is a prediction, as what is added to the sum of the leaves."""
    if link == "identity":
        return base
    return float(np.log(base if link == "log" else base / (1 - base)))


def _link(objective: str) -> Link:
    """The link of a loss by its maker's name for it."""
    name = objective.removeprefix("reg:").removeprefix("binary:")
    found = [link for loss, link in LINKS.items() if name == loss or name.startswith(f"{loss} ")]
    if not found:
        raise _unknown(f"the loss {objective}")
    return found[0]


def _unknown(what: str) -> InputError:
    return InputError(f"cannot write {what} as ONNX", field="booster", remedy="export another model")
