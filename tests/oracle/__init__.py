"""A second opinion on deadlines: written from the requirements, never from the engine (SL-1 to SL-6).

`minutes` counts working time on an array of minutes, `table` is the table of clocks, `course` leads one row of it
through a case, `run` is one generation, `editions` what is published meanwhile; `clocks` tells which clocks a case
has. `lives`, `worlds` and `calendars` make up cases, policies and publications, `judge` compares with the engine and
cuts a disagreement down to a story. `make oracle` runs as many as one likes.
"""
