"""Installing a Communications Hub: what is asked, seen and reported on a visit."""
