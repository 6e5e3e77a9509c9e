"""Names, values and errors that every room shares: pure."""
