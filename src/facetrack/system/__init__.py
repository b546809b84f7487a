"""The machine around facetrack: folders, files, cores, and keeping the screen on."""
