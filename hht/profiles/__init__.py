"""Hub profiles of one's own: learnt from captures, kept as files, shown with their marks."""
