"""What the warm-up does to the process, and that it is still there to be done."""

import subprocess
import sys
import threading

import pytest
from streamlit.runtime.scriptrunner import script_runner

from seqviz.app import warmup
from tests.app.conftest import ROOT


def test_streamlit_still_clears_keras_where_the_warm_up_stops_it():
    # Were it renamed, everybody's rerun would clear everybody's Keras again, without a word.
    assert callable(script_runner._clean_problem_modules)
    assert "_clean_problem_modules" in script_runner.ScriptRunner._run_script.__code__.co_names


def test_warm_up_leaves_keras_its_session_and_can_be_called_from_anywhere():
    threads = [threading.Thread(target=warmup.warm_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warmup.is_warm()

    from keras.src.backend.common import global_state

    global_state.set_global_attribute("seqviz_test", 1)
    script_runner._clean_problem_modules()
    assert global_state.get_global_attribute("seqviz_test") == 1


@pytest.mark.parametrize("first", ["", "import pyarrow", "import pandas"])
def test_whatever_is_loaded_before_the_warm_up_tables_can_be_made_after_it(first):
    script = (
        f"{first}\n"
        "import sys\n"
        "from seqviz.app import warmup\n"
        "warmup.warm_up()\n"
        "import pyarrow as pa\n"
        "assert pa.table({'h': pa.array([1.0, None], from_pandas=True)}).num_rows == 2\n"
        "print('pandas' in sys.modules)\n"
        "import pandas\n"  # whoever needs it finds it
        "assert pandas.DataFrame({'h': [1]}).h.sum() == 1\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [str("pandas" in first)]
