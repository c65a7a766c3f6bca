"""Questions in plain language: what is asked, of when, and whether an answer's numbers can be proved."""
