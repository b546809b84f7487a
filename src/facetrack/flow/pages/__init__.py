"""The pages before and after the steps: framing, light, pulse, opening, closing."""
