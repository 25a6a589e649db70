"""Other projects' ways from a label map to meshes, as one would compose them from libraries.

They run in an environment of their own: `requirements/mesh-peers.in`.
"""
