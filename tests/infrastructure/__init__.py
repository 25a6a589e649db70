"""The template, the layers and the build: what a deployment is made of."""
