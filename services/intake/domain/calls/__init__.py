"""Phone calls: what exchanges tell of them, and the one record that it makes, in whatever order it comes."""
