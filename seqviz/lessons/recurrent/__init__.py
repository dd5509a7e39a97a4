"""The recurrent layer: one block, used once per timestep."""
