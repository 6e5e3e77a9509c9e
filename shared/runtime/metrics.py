"""The figures that every service shows to Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest


class Metrics:
    """One registry a process, so that tests may hold several side by side."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "aftercare_rpc_requests",
            "RPC requests by method and outcome",
            ["method", "outcome"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "aftercare_rpc_seconds", "RPC handling time", ["method"], registry=self.registry
        )
        self.in_hand = Gauge("aftercare_rpc_in_hand", "RPC requests being worked on", registry=self.registry)
        self.http_requests = Counter(
            "aftercare_http_requests",
            "HTTP requests by method, route and status; requests that no route takes have the route `none`",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.http_seconds = Histogram(
            "aftercare_http_seconds", "HTTP handling time", ["method", "route"], registry=self.registry
        )
        self.events_taken = Counter(
            "aftercare_events_taken",
            "Events delivered, by queue and outcome",
            ["queue", "outcome"],
            registry=self.registry,
        )
        self.events_sent = Counter("aftercare_events_sent", "Events confirmed by the broker", registry=self.registry)
        self.events_unheard = Counter(
            "aftercare_events_unheard", "Events sent that nobody listens to, and nobody must", registry=self.registry
        )
        self.events_refused = Counter(
            "aftercare_events_refused",
            "Events that the broker refused or nobody heard although somebody must; each is tried again",
            registry=self.registry,
        )
        self.outbox_pending = Gauge("aftercare_outbox_pending", "Events not yet confirmed", registry=self.registry)
        self.outbox_age = Gauge(
            "aftercare_outbox_age_seconds", "Age of the oldest pending event", registry=self.registry
        )
        self.held = Gauge("aftercare_held", "Messages kept back, by state", ["state"], registry=self.registry)
        self.timers_fired = Counter("aftercare_timers_fired", "Timers fired", registry=self.registry)
        self.clock_steps = Counter(
            "aftercare_wall_clock_steps", "Steps of the machine's wall time over 2 s", registry=self.registry
        )

    def render(self) -> bytes:
        """Prometheus text."""
        text: bytes = generate_latest(self.registry)
        return text
