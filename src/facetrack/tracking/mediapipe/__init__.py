"""The only importer of MediaPipe: landmarkers, their results, threads and log lines."""
