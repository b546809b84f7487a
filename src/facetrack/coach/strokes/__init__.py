"""From a hand's positions to strokes: motion, segments, contact, kind of stroke, repetitions."""
