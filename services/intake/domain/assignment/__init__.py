"""Who gets a case: an operator's rules, and the choice that they make (IN-19)."""
