"""The screens, one module each, with a function `draw(viewer)`."""
