"""nameko, held at arm's length: the entrypoints, providers, health and runner on which service classes stand.

With the five `service.py` this is the only place that knows nameko and eventlet.
"""
