"""Surface meshes and label maps to files."""
