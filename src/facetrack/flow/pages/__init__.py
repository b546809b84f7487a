"""The pages before and after the steps: safety, framing, light, pulse and the end."""
