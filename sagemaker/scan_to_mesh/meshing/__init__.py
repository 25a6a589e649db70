"""Label map to surface meshes, and the numbers of each structure."""
