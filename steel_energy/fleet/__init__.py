"""The global model's making: what each plant teaches it, training on Dask, how good it is, how it is published.

Plants stay apart on the workers: each one's readings are read, turned into rows and forgotten by one task, so memory
grows with the workers and with the rows that are kept, never with the length of the plants' histories. What the model
is stands in ``forecasting.global_model``. Dask itself is known to ``cluster`` alone.
"""
