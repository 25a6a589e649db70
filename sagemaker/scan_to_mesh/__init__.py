"""From a scan to surface meshes: load, segment, mesh, export, publish."""
