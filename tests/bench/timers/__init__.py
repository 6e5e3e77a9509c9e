"""Timers on time and at size (SL-7): each figure beside its raw limit, its peer or its goal."""
