"""Which word moved a prediction: shares of its change, one for each timestep."""
