"""The flow of a session around the coach: pages before and after, pauses, keys, what is said. Pure: numpy only."""

from facetrack.flow.options import FlowOptions
from facetrack.flow.screen import Page, Say, Screen
from facetrack.flow.session_flow import SessionFlow

__all__ = ["FlowOptions", "Page", "Say", "Screen", "SessionFlow"]
