"""A service made to be attacked: it lives on the real runtime and does what each message tells it to.

It takes the name of a service of the suite, because exchanges and settings go by name. RPC notes become rows and
events; the events come back to its own queue and become effects, one row for each time that one was handled.
"""

NAME = "maintenance"
QUEUE = "maintenance.echo"
OTHER = "escalation"
"""The service that the probe calls."""
WALL_STEP = "wall-step"
"""A file in the probe's folder: by how many seconds its wall time was stepped."""
