"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_gradients(page: str) -> tuple[Question, ...]:
    """What vanishes, what explodes, what a gate lets through, and what comes too late."""
    return (
        Question(
            name="explodes",
            text='Spectral radius 1.5, `activation="linear"`: what does the gradient do on its way back?',
            options={
                "it vanishes": "That would take a spectral radius below 1.",
                "it stays as it is": "That would take a factor of about 1 at every step: a spectral "
                "radius of 1.",
                "it explodes": "Every step multiplies it by the same matrix: 1.5 to the power of 20 "
                "is 3,325.",
            },
            answer="it explodes",
            show={
                f"{page}_cell": "SimpleRNN",
                f"{page}_activation": "linear",
                f"{page}_spectral_radius": "1.5",
                f"{page}_timesteps": 20,
                f"{page}_output_timestep": 0.0,
            },
            veils=False,
        ),
        Question(
            name="gated",
            text="Add 4 to the forget bias of an LSTM: what becomes of the gradient of c?",
            options={
                "it vanishes": "That is what it does without the 4: a forget gate of 0.73 leaves "
                "0.002 after 20 steps.",
                "about all of it comes back to word 1": "One step back multiplies the gradient of c "
                "by the forget gate, which is then about 0.99: no matrix is in the way.",
                "it explodes": "A gate is never above 1, so along c it cannot make the gradient "
                "larger.",
            },
            answer="about all of it comes back to word 1",
            show={
                f"{page}_cell": "LSTM",
                f"{page}_units": 4,
                f"{page}_activation": "tanh",
                f"{page}_gate_bias": 4,
                f"{page}_spectral_radius": "0.7",
                f"{page}_timesteps": 20,
                f"{page}_output_timestep": 0.0,
            },
            veils=False,
        ),
        Question(
            name="future",
            text="L is taken after timestep 5. How large is the gradient at timestep 6?",
            options={
                "as at timestep 5": "At timestep 5 it is L's own derivative; L does not contain the "
                "state after timestep 6.",
                "small, but not 0": "Small is what the gradient of a state long before may be, not of "
                "one that comes later.",
                "exactly 0": "Time runs one way: what is read later cannot change an earlier state.",
            },
            answer="exactly 0",
            show={f"{page}_timesteps": 20, f"{page}_output_timestep": 5.0},
        ),
    )
