"""What proves the record: a chain over each case's entries, trees over their heads, findings in words (AL-4)."""
