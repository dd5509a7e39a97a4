"""Side by side: how SimpleRNN, GRU and LSTM forget their first word."""
