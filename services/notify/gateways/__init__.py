"""Where notify meets the world: each gateway delivers one rendered message and says what is surely known of it."""
