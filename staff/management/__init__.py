"""Commands for the door."""
