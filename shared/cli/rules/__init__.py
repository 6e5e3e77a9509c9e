"""`aftercare policy` and `aftercare calendar`: the rules by which deadlines are counted, and their versions (SL-6)."""
