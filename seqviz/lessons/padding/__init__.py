"""Padding and masks: who makes a mask, uses it, hands it on, or loses it."""
