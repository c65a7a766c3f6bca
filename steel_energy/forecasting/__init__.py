"""Forecasting: ``base`` says what a forecaster is, one module for each kind, ``load_forecaster`` reads any back."""
