"""A service that does nothing but start, say that it is ready, and end when asked: `python standin.py SERVICE`.

STANDIN_REFUSES names a service that refuses its settings, STANDIN_DIES one that dies while starting.
"""

import http.server
import os
import sys


class Pages(http.server.BaseHTTPRequestHandler):
    """`/readyz` and nothing else."""

    def do_GET(self) -> None:
        """200 for the one page."""
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def main(service: str) -> None:
    """Serve until ended."""
    if os.environ.get("STANDIN_REFUSES") == service:
        sys.stderr.write(f"aftercare {service}: AFTERCARE_LIMIT is wrong: write a number\n")
        sys.exit(2)
    if os.environ.get("STANDIN_DIES") == service:
        sys.exit("it was not meant to be")
    port = int(os.environ[f"AFTERCARE_{service.upper()}_HTTP_PORT"])
    http.server.HTTPServer(("127.0.0.1", port), Pages).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
