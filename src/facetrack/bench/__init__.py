"""How fast this machine is: parts of the line measured beside the serial inference of the same frames."""
