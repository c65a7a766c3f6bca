"""Readings that an application posts: read row by row, judged one by one, and what cleaning will repair of them.

`rows` and `tables` read a body, `judging` says of every row whether it stands, and `preview` what cleaning would change
of it. Where the readings are kept is the inbox's matter.
"""

from steel_energy.posting.judging import Judged, Status, judge
from steel_energy.posting.preview import Repair
from steel_energy.posting.problems import Problems, Reason
from steel_energy.posting.rows import Sent, read_objects
from steel_energy.posting.tables import read_table

__all__ = ["Judged", "Problems", "Reason", "Repair", "Sent", "Status", "judge", "read_objects", "read_table"]
