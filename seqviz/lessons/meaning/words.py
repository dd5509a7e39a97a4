"""What the lesson says: a caption an epoch, the nearest words, and a table."""

from seqviz.lessons.meaning.compute import Journey, compute_neighbours
from seqviz.readout.table import Table
from seqviz.readout.wording import counted
from seqviz.vectors.neighbours import Neighbours


def journey_captions(data: Journey) -> list[str]:
    """Say at each moment how far the training is."""
    return [
        f"Before training: rows are random. Loss {data.losses[0]:.3f}.",
        *(
            f"After {counted(epoch, 'epoch')}: loss {loss:.3f}."
            for epoch, loss in zip(data.epochs[1:].tolist(), data.losses[1:].tolist(), strict=True)
        ),
    ]


def journey_table(data: Journey, *, k: int = 3) -> Table:
    """One row a word: how far it has come, and its nearest words before and after."""
    table: Table = {
        "word": list(data.words),
        "id": data.rows.tolist(),
        "moved": data.moved.tolist(),
        "distance moved": data.distances.tolist(),
        "nearest before": [],
        "nearest after": [],
    }
    for word in data.words:
        before, after = compute_neighbours(data, word, k=k)
        table["nearest before"].append(neighbours_text(before))
        table["nearest after"].append(neighbours_text(after))
    return table


def neighbours_text(found: Neighbours) -> str:
    """Words and their cosines, such as ``great 0.99, nice 0.98``."""
    pairs = zip(found.words, found.similarities.tolist(), strict=True)
    return ", ".join(f"{word} {similarity:.2f}" for word, similarity in pairs)
