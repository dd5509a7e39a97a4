"""What the warm-up does to the process, and that it is still there to be done."""

import threading

from streamlit.runtime.scriptrunner import script_runner

from seqviz.ui import warmup


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
