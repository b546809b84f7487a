"""The machine around facetrack: folders, files, cores, the screen that stays on."""
