"""What the service tells about itself: request ids, logs and Prometheus metrics; what it predicted is logged elsewhere.

Nothing here reads a body, a query or a header other than the request id, so none of them can reach a log or a metric.
"""
