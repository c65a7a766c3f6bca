"""What the benchmarks share, and the libraries and servers that ours are measured beside.

``tables``, ``results`` and ``machine`` put figures on the page; ``lacks`` says what a machine lacks. Each other module
holds one kind of peer; the libraries that they need come with ``pip install -e '.[bench]'``.
"""
