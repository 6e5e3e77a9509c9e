"""Whether a case tells of a matter that we know already: detection proposes, a person decides (IN-20)."""
