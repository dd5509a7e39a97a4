"""What figures are drawn with: marks, bands, blocks, frames and colours for Plotly."""
