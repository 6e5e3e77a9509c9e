"""The rules of escalating: pure, `now` is an argument (ES-1 to ES-8)."""
