"""The mannequin's shape: head, hands, skin, and how a hand lies on it."""
