"""The page on the lengths of rows: that of the contract which all lessons keep."""

from tests.app.contract import SMALLEST, Contract

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "vocab_size": 50,
            "embedding_dim": 2,
            "initializer": "uniform",
            "seed": 0,
        },
        frames=4,
        questions={"ones": "3"},
        smallest=(SMALLEST, 2),
        examples=2,
    ),
)
