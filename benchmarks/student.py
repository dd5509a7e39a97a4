"""One student as the server sees one: a websocket session that moves sliders.

Speaks Streamlit's own protocol. A change sends the state of the sliders (`WidgetStates`) and the
address bar, as the browser does, and is over when the server says that the script has finished.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

_PATIENCE = 120.0  # seconds for one answer: the very first one waits for TensorFlow


class Run(NamedTuple):
    """What came back from one run of a page's script.

    Attributes:
        seconds: From sending the change to the message that the script has finished.
        sizes: Bytes of the messages by what they carry, such as "plotly_chart".
        exceptions: Types of the exceptions on the page.
        charts: The figures as JSON.
    """

    seconds: float
    sizes: Counter[str]
    exceptions: list[str]
    charts: list[str]


@dataclass
class _Slider:
    id: str
    options: list[str]
    default: str
    value: str


class Student:
    """A session on one page: an async context manager; call `open` first."""

    def __init__(
        self, socket_url: str, page: str, cookie: str | None = None, /, **query: object
    ) -> None:
        """Prepare a session.

        Args:
            socket_url: Where the server's websocket is.
            page: As in the address, such as "recurrent".
            cookie: What a proxy gave the browser with the page.
            query: Parameters of the address: controls by key, none at its default.
        """
        self.page = page
        self._query = {key: str(value) for key, value in query.items()}
        self._connection = connect(
            socket_url,
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
            open_timeout=_PATIENCE,
            close_timeout=0.2,  # a server that is too slow is not waited for
            ping_interval=None,
            proxy=None,
            additional_headers={"Cookie": cookie} if cookie else None,
        )
        self._page_hash = ""
        self._sliders: dict[str, _Slider] = {}  # by key, such as "recurrent_units"
        self._taken: set[str] = set()  # controls that were set by the address

    async def __aenter__(self) -> Self:
        self._socket = await self._connection
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def open(self) -> Run:
        """Open the page as a followed link does.

        Raises:
            ValueError: The page has no such control, or does not take the value. It would show
                its defaults then, and the measurement mean nothing.
        """
        run = await self._rerun()
        refused = {key: self._query[key] for key in self._query.keys() - self._taken}
        if refused:
            raise ValueError(f"The {self.page} page does not take {refused}.")
        return run

    async def move(self, key: str, value: str) -> Run:
        """Move one slider, on which the server runs the page again."""
        slider = self._sliders[key]
        slider.value = value
        self._query.pop(key, None)
        if value != slider.default:
            self._query[key] = value
        return await self._rerun()

    async def follow(self, **query: object) -> Run:
        """Open the page in another state, as a link to it does."""
        self._query |= {key: str(value) for key, value in query.items()}
        self._sliders.clear()  # the address says where they are
        return await self._rerun()

    def stops(self, key: str) -> list[str]:
        """What a slider can be moved to."""
        return self._sliders[key].options

    def value(self, key: str) -> str:
        """Where a slider is."""
        return self._sliders[key].value

    async def _rerun(self) -> Run:
        message = BackMsg()
        message.rerun_script.query_string = urlencode(self._query)
        if self._page_hash:
            message.rerun_script.page_script_hash = self._page_hash
        else:
            message.rerun_script.page_name = self.page
        for slider in self._sliders.values():
            state = message.rerun_script.widget_states.widgets.add(id=slider.id)
            state.string_array_value.data.append(slider.value)
        begun = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            return await self._answer(begun)

    async def _answer(self, begun: float) -> Run:
        run = Run(0, Counter(), [], [])
        while True:
            data = await self._socket.recv()
            now = time.perf_counter()
            message = ForwardMsg.FromString(data)
            kind = str(message.WhichOneof("type"))
            if kind == "navigation":  # not "new_session", which names the main script
                self._page_hash = message.navigation.page_script_hash
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                kind = str(element.WhichOneof("type"))
                widget = getattr(element, kind)
                if getattr(widget, "set_value", False):
                    self._taken.add(widget.query_param_key)
                self._note(element, run)
            run.sizes[kind] += len(data)
            # A change that comes while a script runs ends that run early: not ours then.
            if kind == "script_finished":
                return run._replace(seconds=now - begun)

    def _note(self, element: Element, run: Run) -> None:
        if element.HasField("exception"):
            run.exceptions.append(element.exception.type)
        elif element.HasField("plotly_chart"):
            run.charts.append(element.plotly_chart.spec)
        elif element.HasField("slider") and element.slider.type == Slider.SELECT_SLIDER:
            slider = element.slider
            options = list(slider.options)
            default = options[int(slider.default[0])]
            value = slider.raw_value[0] if slider.set_value else None
            known = self._sliders.get(slider.query_param_key)
            self._sliders[slider.query_param_key] = _Slider(
                slider.id, options, default, value or (known.value if known else default)
            )
