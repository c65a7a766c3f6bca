"""From what is known of a plant to alerts: one pure function for each kind, by what it is about."""
