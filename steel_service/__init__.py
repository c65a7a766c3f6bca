"""The HTTP service: FastAPI routes over ``steel_energy``, served by BentoML.

``app.py`` builds the public routes from a ``State``; ``service.py`` mounts them in the Bento, and
``python -m steel_service`` starts it. Nothing is computed here: endpoints parse, call the domain and wrap its answer.
"""
