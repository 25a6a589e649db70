"""Reading scans: headers, series, geometry, preflight and voxels."""
