"""The larger commands of ``steel …``, one module each; ``cli.py`` registers them."""
