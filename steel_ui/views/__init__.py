"""The parts of the page. Pure functions write the HTML of what the service answered; ``overview`` lays them out."""
