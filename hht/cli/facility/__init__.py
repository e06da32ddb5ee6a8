"""`hht facility`: PPMIDs in bulk, from the manifest to the evidence."""
