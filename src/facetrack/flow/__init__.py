"""The flow of a session around the coach: pages before and after, pauses, keys, what is said. Pure: numpy only."""

from facetrack.flow.options import FlowOptions
from facetrack.flow.screen import Page, Say, Screen
from facetrack.flow.session_flow import SessionFlow
from facetrack.flow.tempo import Beat, Pulse, beat_of

__all__ = ["Beat", "FlowOptions", "Page", "Pulse", "Say", "Screen", "SessionFlow", "beat_of"]
