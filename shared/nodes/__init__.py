"""Private nodes on one machine: RabbitMQ and PostgreSQL servers, and the supervisor that runs the suite.

    up  ->  supervisor  ->  RabbitNode (epmd, broker), one process per service
    tests           ->  RabbitNode, PostgresNode

Every process started here dies with the process that started it, listens on loopback only, and keeps all that it
writes in its own folder. Never here: anything a service does, anything on another machine.
"""
