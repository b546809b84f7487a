"""Where the head is: canonical face, calibration, occlusion by hands, pose."""
