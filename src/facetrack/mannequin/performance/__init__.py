"""What the mannequin does: repetitions, single movements, head motion, mistakes, style."""
