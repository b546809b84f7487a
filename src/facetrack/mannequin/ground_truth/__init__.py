"""What a rendered frame really shows, in millimetres."""
