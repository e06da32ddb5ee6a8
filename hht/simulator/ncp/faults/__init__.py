"""What real dongles and other things on a serial port get wrong, to be switched on by name."""
