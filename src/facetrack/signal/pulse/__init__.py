"""The pulse out of colour signals: numpy only, apart from what reads pictures."""
