"""The rules of telling people: who hears what, how, when; pure."""
