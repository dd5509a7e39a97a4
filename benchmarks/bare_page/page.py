"""As little as a page of Streamlit can be that has a slider and a Plotly chart: the measure of ours."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

TRACES = 16

n = st.slider("n", 1, 100, 10, key="bare_n")
x = np.arange(50)
with st.container(key="bare_picture"):
    st.plotly_chart(go.Figure([go.Scatter(x=x, y=np.sin(x * k / n)) for k in range(TRACES)]))
