"""The player under a picture, and the picture in the browser."""
