"""What was saved and what a forecast is worth: measurement and verification, and the regret of plans.

``verification`` compares a period with what it would have used (``counterfactual``) by the formulas of ``statistics``;
``verified`` tells the result. ``regret`` plans each day on a model's forecast by the request of ``standard`` and
carries the plan out by ``execution``.
"""

from steel_energy.savings.statistics import THRESHOLDS, Fit
from steel_energy.savings.verification import VerificationParams, verify
from steel_energy.savings.verified import Saving, Verification

__all__ = ["THRESHOLDS", "Fit", "Saving", "Verification", "VerificationParams", "verify"]
