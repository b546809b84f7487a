"""What a video's container says about itself and FFmpeg keeps to itself: where it ends, how its pictures lie."""
