"""A second opinion on deadlines: written from the requirements, never from the engine (SL-1 to SL-5).

`minutes` counts working time on an array of minutes, `clocks` tells which clocks a case has, `worlds` makes up policies
and cases, `judge` compares with the engine and cuts a disagreement down to a story. `make oracle` runs as many as one
likes.
"""
