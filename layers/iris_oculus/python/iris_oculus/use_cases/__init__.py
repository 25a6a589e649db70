"""What the system does for its users; each takes a :class:`iris_oculus.principal.Principal`."""
