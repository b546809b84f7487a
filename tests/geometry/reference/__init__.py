"""The geometry written the textbook way: plain Python floats, a loop over landmarks, fingers, nodes, zones and edges.

Each function has the definition of the product's of that name and gives the same; ``frames.plain_geometry`` puts them in its
place, so that whole frames can be mapped by them. Nothing here is tuned, and nothing is made worse than one would write it.
"""
