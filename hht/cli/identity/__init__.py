"""`hht identity`: the HHT's own certificate, key and Install Code."""
