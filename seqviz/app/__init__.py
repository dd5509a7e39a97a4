"""The app around the lessons: their list, the frame of every page, the start page."""
