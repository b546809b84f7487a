"""What the mannequin does: repetitions, moves, head motion, mistakes, style."""
