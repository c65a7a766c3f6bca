"""The public routes, one module for each kind of question; each endpoint is a few lines around a domain call."""
