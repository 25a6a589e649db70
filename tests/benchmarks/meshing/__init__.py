"""Label map to surface meshes: this project beside other ways to do it."""
