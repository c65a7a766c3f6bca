"""The parts of the page: what each shows of the session's state. Pure functions write the HTML; ``overview`` lays out."""
