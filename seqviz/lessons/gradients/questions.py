"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_gradients(page: str) -> None:
    """What vanishes, what explodes, what a gate lets through, and what comes too late."""
    ask(
        f"{page}_explodes",
        'Scale the recurrent kernel to the spectral radius 1.5, with `activation="linear"`. '
        "What does the gradient do on its way back?",
        ["it vanishes", "it stays as it is", "it explodes"],
        answer="it explodes",
        why="Every step multiplies it by the same matrix: 1.5 to the power of 20 is 3,325.",
        show={
            f"{page}_cell": "SimpleRNN",
            f"{page}_activation": "linear",
            f"{page}_spectral_radius": "1.5",
            f"{page}_timesteps": 20,
            f"{page}_output_timestep": 0.0,
        },
    )
    ask(
        f"{page}_gated",
        "Take an LSTM and add 4 to the bias of its forget gate. What becomes of the gradient of c?",
        ["it vanishes", "about all of it comes back to word 1", "it explodes"],
        answer="about all of it comes back to word 1",
        why="One step back multiplies the gradient of c by the forget gate, which is then about "
        "0.99: no matrix is in the way.",
        show={
            f"{page}_cell": "LSTM",
            f"{page}_units": 4,
            f"{page}_activation": "tanh",
            f"{page}_gate_bias": 4,
            f"{page}_spectral_radius": "0.7",
            f"{page}_timesteps": 20,
            f"{page}_output_timestep": 0.0,
        },
    )
    ask(
        f"{page}_future",
        "L is taken of the state after timestep 5. How large is the gradient at timestep 6?",
        ["as at timestep 5", "small, but not 0", "exactly 0"],
        answer="exactly 0",
        why="Time runs one way: what is read later cannot change an earlier state.",
        show={f"{page}_timesteps": 20, f"{page}_output_timestep": 5.0},
    )
