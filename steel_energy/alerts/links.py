"""Where a reader of an alert can look: pages of the dashboard and of Dagster."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """Addresses that readers of alerts can reach, without a slash at the end."""

    dagster_url: str
    dashboard_url: str

    def run(self, run_id: str) -> str:
        """A run's page."""
        return f"{self.dagster_url}/runs/{run_id}"

    def asset(self, name: str) -> str:
        """An asset's page.

        >>> Links("http://d:3000", "http://u:5006").asset("champion")
        'http://d:3000/assets/champion'
        """
        return f"{self.dagster_url}/assets/{name}"
