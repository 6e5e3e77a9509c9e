"""Rules of time limits: pure, the same facts always give the same clocks (SL-3)."""
