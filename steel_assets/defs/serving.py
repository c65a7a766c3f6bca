"""What others may serve of a plant's champion: its trees as ONNX. The bundle itself is the asset ``champion``.

Partitioned by plant. Checks are in ``serving_checks``.
"""

import dagster as dg

from steel_assets.defs.forecasting import OWNERS
from steel_assets.resources import Project
from steel_energy.champion_onnx import export_champion


@dg.asset(group_name="serving", owners=OWNERS, kinds={"onnx"}, deps=["champion"])
def onnx_champion(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult[None]:
    """The champion's boosted models as ONNX graphs, one for each range of lead times; of a blend, its tree members."""
    plant_id, settings = context.partition_key, project.settings
    folder = settings.champion_onnx_dir / plant_id
    files = export_champion(settings.bundles_dir, project.site(plant_id), folder)
    sizes = {f"{path.relative_to(folder)} bytes": path.stat().st_size for path in files}
    return dg.MaterializeResult(metadata={"folder": str(folder), "graphs": len(files), **sizes})
