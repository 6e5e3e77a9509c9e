"""Cases out of the suite, in bulk (IN-18)."""
