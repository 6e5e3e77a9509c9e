"""Working time: laws, an oracle that counts minutes, worked examples, refusals."""
