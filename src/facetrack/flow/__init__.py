"""The flow of a session around the coach: pages before and after, pauses, keys, and what is said. Uses numpy only."""

from facetrack.flow.options import FlowOptions
from facetrack.flow.screen import Page, Screen, Utterance
from facetrack.flow.session_flow import SessionFlow
from facetrack.flow.tempo import Beat, PulseRate, beat_of

__all__ = ["Beat", "FlowOptions", "Page", "PulseRate", "Screen", "SessionFlow", "Utterance", "beat_of"]
