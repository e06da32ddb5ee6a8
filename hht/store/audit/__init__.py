"""The audit trail: its chain, the rows it vouches for, and the anchor outside the folder."""
