"""Train the sample vectors of the page "Pretrained vectors", from sentences made here.

    python scripts/make_sample_vectors.py

No text and no vectors of anybody else: the sentences come from the small grammar below, and the
vectors from counting which words stand within two words of each other: positive pointwise mutual
information, reduced by a singular value decomposition (Levy and Goldberg, "Neural Word Embedding as
Implicit Matrix Factorization", 2014). The same command always gives the same file.
"""

from collections import Counter
from pathlib import Path

import numpy as np

DIM = 12
SENTENCES = 500
WINDOW = 2
FILE = Path(__file__).parent.parent / "seqviz" / "lessons" / "pretrained" / "sample_vectors.vec"

# What a word of a pattern may be replaced by, e.g. ANIMAL.
KINDS = {
    "PERSON": ["boy", "girl", "man", "woman", "king", "queen", "teacher", "friend"],
    "ANIMAL": ["cat", "dog", "horse", "bird", "mouse", "fish"],
    "FOOD": ["bread", "soup", "apple", "cheese", "rice"],
    "DRINK": ["milk", "water", "tea", "juice"],
    "EATS": ["eats", "likes", "cooks", "buys"],
    "DRINKS": ["drinks", "pours", "likes"],
    "SEES": ["sees", "chases", "hears", "finds"],
    "GOES": ["walks", "runs", "flies", "swims"],
    "COLOR": ["red", "green", "blue", "white", "black"],
    "SIZE": ["big", "small", "old", "young"],
    "PLACE": ["house", "forest", "river", "city", "garden", "sea"],
    "THING": ["tree", "star", "boat", "book", "lamp"],
    "NUMBER": ["one", "two", "three", "four"],
    "MOOD": ["happy", "sad", "tired", "angry"],
}
PATTERNS = [
    "the ANIMAL EATS the FOOD",
    "the PERSON EATS SIZE FOOD",
    "the PERSON DRINKS DRINK",
    "the ANIMAL DRINKS the DRINK",
    "a SIZE ANIMAL SEES the ANIMAL",
    "the PERSON SEES a COLOR THING",
    "the SIZE ANIMAL GOES in the PLACE",
    "the PERSON GOES to the PLACE",
    "the THING in the PLACE is COLOR",
    "the COLOR THING is SIZE",
    "NUMBER COLOR THING and NUMBER ANIMAL",
    "NUMBER FOOD and NUMBER DRINK",
    "i am MOOD and you are MOOD",
    "i am a PERSON and you are a PERSON",
    "he is MOOD and she is MOOD",
    "he is a SIZE PERSON",
    "she is the SIZE PERSON",
    "we are MOOD and they are MOOD",
    "we are in the PLACE",
    "they are in a PLACE",
]


def sentences(random: np.random.Generator) -> list[list[str]]:
    """Make sentences of the patterns, each as likely as any other."""
    return [
        [str(random.choice(KINDS.get(part, [part]))) for part in pattern.split()]
        for pattern in random.choice(PATTERNS, SENTENCES)
    ]


def train(texts: list[list[str]]) -> tuple[list[str], np.ndarray]:
    """Words, the most frequent first, and their vectors ``(n, DIM)`` of length 1."""
    counts = Counter(word for text in texts for word in text)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    index = {word: row for row, word in enumerate(words)}
    near = np.zeros((len(words), len(words)))
    for text in texts:
        for i, word in enumerate(text):
            for other in text[max(i - WINDOW, 0) : i]:
                near[index[word], index[other]] += 1
                near[index[other], index[word]] += 1
    share = near / near.sum()
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    with np.errstate(divide="ignore"):
        information = np.maximum(np.log(share / expected), 0)
    left, singular, _ = np.linalg.svd(information)
    left *= np.sign(left[np.abs(left).argmax(axis=0), range(len(words))])
    vectors = left[:, :DIM] * np.sqrt(singular[:DIM])
    return words, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    """Write the file, in word2vec's text format."""
    words, vectors = train(sentences(np.random.default_rng(0)))
    lines = [f"{len(words)} {DIM}"]
    for word, row in zip(words, vectors.tolist(), strict=True):
        lines.append(f"{word} {' '.join(f'{x:.4f}' for x in row)}")
    FILE.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    print(f"{FILE.name}: {len(words)} words of {DIM} numbers")


if __name__ == "__main__":
    main()
