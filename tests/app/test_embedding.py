"""The page on looking up rows: that of the contract which all lessons keep."""

from tests.app.contract import SMALLEST, Contract

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "vocab_size": 50,
            "embedding_dim": 2,
            "initializer": "uniform",
            "mask_zero": False,
            "seed": 0,
        },
        frames=4,
        questions={
            "which_row": "row 4 of the matrix, copied",
            "largest_id": "49",
            "masked_row": "row 0 as it is",
        },
        unveiled={
            "masked_row": "mask_zero is off, and no id is 0",
        },
        shown_at_once=frozenset({"which_row"}),
        smallest=(SMALLEST, 2),
        examples=7,
    ),
)
