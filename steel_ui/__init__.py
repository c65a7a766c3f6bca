"""The operator's dashboard: one page over the HTTP service.

It knows the service by its address alone: no lake, no model and no other package of the project is imported here.
``client`` speaks HTTP, ``state`` holds one session, ``outlook``, ``series`` and ``charts`` are pure functions of what
the service answered, ``views`` lays them out, ``app`` composes and serves.
"""
