"""The rules of a case: pure functions of the case, the request and the instant."""
