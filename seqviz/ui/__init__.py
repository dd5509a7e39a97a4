"""All that imports Streamlit: page frame, controls, cached calls, player, downloads."""
