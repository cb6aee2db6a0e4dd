"""The door: how the staff sign in, with what passwords and second factors, and for how long."""
