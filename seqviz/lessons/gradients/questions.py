"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_gradients(page: str) -> tuple[Question, ...]:
    """What vanishes, what explodes, what a gate lets through, and what comes too late."""
    simple = {
        f"{page}_cell": "SimpleRNN",
        f"{page}_spectral_radius": "0.7",
        f"{page}_activation": "tanh",
        f"{page}_timesteps": 20,
        f"{page}_output_timestep": 0.0,
        f"{page}_output": "unit",
    }
    return (
        Question(
            name="far",
            text="Each step back keeps about 0.7 of the influence on the last state. "
            "How much of it is left 20 steps back, before word 1?",
            options={
                "about 0.7": "That is what a single step leaves. The steps multiply.",
                "about a twentieth": "That would be an even share for each of 20 words. But the steps "
                "multiply.",
                "less than a thousandth": "0.7 × 0.7 × … is 0.0008 after 20 steps: so much of the bar on "
                "the right is left of it. It **vanishes**, and training learns next to nothing from the "
                "first words.",
            },
            answer="less than a thousandth",
            show=simple,
        ),
        Question(
            name="explodes",
            text="What if each step back makes the gradient 1.5 times as large (`spectral_radius` 1.5, "
            '`activation="linear"`)?',
            options={
                "it vanishes": "That would take a factor below 1.",
                "it stays as it is": "That would take a factor of about 1 at every step.",
                "it explodes": "Every step multiplies it by the same matrix: 1.5 × 1.5 × … is 3,325 "
                "after 20 steps. One step of training with that ruins the weights.",
            },
            answer="it explodes",
            show=simple | {f"{page}_spectral_radius": "1.5", f"{page}_activation": "linear"},
            veils=False,
        ),
        Question(
            name="gated",
            text="An LSTM has a memory c, and a forget gate that says how much of c is kept. The gate is "
            "opened (`gate_bias` 4): how much does L depend on c at word 1?",
            options={
                "hardly at all: it vanishes": "That is what it does without the 4: a forget gate of "
                "0.73 leaves 0.002 after 20 steps.",
                "about as much as on the last c": "One step back multiplies the gradient of c by the "
                "forget gate, which is then about 0.99: no matrix is in the way.",
                "far more: it explodes": "A gate is never above 1, so along c it cannot make the "
                "gradient larger.",
            },
            answer="about as much as on the last c",
            show=simple
            | {
                f"{page}_cell": "LSTM",
                f"{page}_units": 4,
                f"{page}_gate_bias": 4,
                f"{page}_output": "sum",
            },
            veils=False,
        ),
        Question(
            name="future",
            text="L is made of the state after word 5. How much does it depend on the state after word 6?",
            options={
                "as much as on that after word 5": "L is made of that one, and of none that comes "
                "later.",
                "little, but not 0": "Little is what is left of a state long before, not of one that "
                "comes later.",
                "exactly 0": "Time runs one way: what is read later cannot change an earlier state.",
            },
            answer="exactly 0",
            show={f"{page}_timesteps": 20, f"{page}_output_timestep": 5.0},
        ),
    )
