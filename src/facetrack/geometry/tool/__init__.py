"""Finds what of a tool touches the skin, once the user has shown it, and follows it in the frame of the hand that holds it."""
