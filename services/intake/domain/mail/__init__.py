"""E-mail as a channel: what a letter is, which letters no person wrote, and which case a letter belongs to."""
