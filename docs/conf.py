"""Builds these pages with Sphinx: `make docs`. Nothing in them is loaded from another host."""

from importlib.metadata import version as installed_version

project = "facetrack"
author = "The facetrack authors"
version = release = installed_version("facetrack")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "facetrack"
html_show_sourcelink = False
html_copy_source = False
