"""Works out the figures of a session: of steps, sides and tracking."""
