"""Who is in the HAN of one hub and how it stays: the window, the HHT, what it hears, a new HAN."""
