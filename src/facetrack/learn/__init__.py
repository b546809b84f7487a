"""Learns a routine from somebody who performs it: recordings in, a routine file out."""
