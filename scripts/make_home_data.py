"""Make the numbers of the start page's picture: real Keras, computed beforehand.

The start page must paint without waiting for TensorFlow. Run from the root of the project:
``python -m scripts.make_home_data``. A test computes them anew and compares.
"""

from seqviz.app.home import DATA, compute, save

if __name__ == "__main__":
    save(compute(), DATA)
    print(f"wrote {DATA}")
