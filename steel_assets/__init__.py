"""The Dagster shell: assets, checks, resources and jobs around ``steel_energy``.

Assets parse their partitions, call one domain function and describe what came out. No cleaning, modelling or
arithmetic lives here, and nothing of the service or the dashboard is imported. Modules with assets do without
``from __future__ import annotations``: Dagster reads the annotations of an asset when it is defined.
"""

import warnings

import dagster as dg

# Single-run backfills, partition mappings and partitioned checks are used on purpose; Dagster warns of each use.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
# dagster-celery names its task anew for each step that it asks for.
warnings.filterwarnings("ignore", message="Task name 'execute_plan' is already registered")
