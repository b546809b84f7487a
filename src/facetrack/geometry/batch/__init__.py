"""Kinematics and movements of whole recordings at once."""
