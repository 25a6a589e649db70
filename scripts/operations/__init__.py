"""Deploying and running the system: what the shell scripts beside this package call."""
