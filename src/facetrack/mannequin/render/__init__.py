"""From triangles to pictures: texture, light, camera faults."""
