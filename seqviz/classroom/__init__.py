"""A lesson that a teacher puts together, and a class that answers it; nothing here is Streamlit."""
