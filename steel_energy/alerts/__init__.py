"""Alerts: what a person should know of now, told once, through channels that may fail.

`rules` turns what is known of a plant into alerts, `looking` reads what they need from disk. `policy` says which of
them are due by what the `ledger` has of earlier messages, `message` makes one of them all, `delivery` sends it through
every channel and records what arrived. Nothing here knows Dagster; who looks, and how often, stands in
``steel_assets.sensors.alerts``.
"""
