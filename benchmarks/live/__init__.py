"""The live pipeline and the batch commands beside references, all on footage of the mannequin: what it costs to be coached."""
