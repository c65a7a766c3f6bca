"""How a served model does, week by week, and what follows: train again, or go back to the one before.

``performance`` measures, ``retraining`` and ``guard`` decide; neither starts anything. Drift of the readings themselves
is ``steel_energy.drift``'s, what the service told is ``steel_energy.prediction_log``'s.
"""
