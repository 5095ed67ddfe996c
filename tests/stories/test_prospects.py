"""What has happened, and what has yet to."""

from __future__ import annotations

import pytest

from bot.stories.prospects import is_prospect


@pytest.mark.parametrize(
    ("clause", "ahead"),
    [
        pytest.param("Kestria sent 300 sailors to Sund", False, id="done"),
        pytest.param("Kestria will send 300 sailors", True, id="will"),
        pytest.param("300 of an expected 900 sailors came", True, id="expected"),
        pytest.param("Kestria agreed to send 300 sailors", True, id="agreed to"),
        pytest.param("Up to 300 sailors may be aboard", True, id="may"),
        pytest.param("300 sailors came in May", False, id="the month"),
        pytest.param("A storm targets the port with 300 sailors", False, id="a verb that only sounds so"),
        pytest.param("В порту находятся 300 моряков", False, id="Russian, done"),
        pytest.param("Планируется отправить 300 моряков", True, id="Russian, planned"),
        pytest.param("Можуть прибути 300 моряків", True, id="Ukrainian, may"),
        pytest.param("300 Matrosen sind angekommen", False, id="German, done"),
        pytest.param("300 Matrosen sollen folgen", True, id="German, are to"),
        pytest.param("선원 300명이 이동했다고 밝혔다", False, id="Korean, done"),
        pytest.param("선원 300명이 이동한 것으로 확인됐다", False, id="Korean, found to have"),
        pytest.param("선원 300명이 이동할 것으로 봤다", True, id="Korean, will"),
        pytest.param("선원 300명이 갈 수 있다", True, id="Korean, can"),
        pytest.param("船員300人が到着した", False, id="Japanese, done"),
        pytest.param("船員300人が到着する見通し", True, id="Japanese, is to"),
        pytest.param("北国将派出300名水手", True, id="Chinese, will"),
        pytest.param("北国将300名水手运往南港", False, id="Chinese, what is moved"),
    ],
)
def test_what_has_yet_to_happen(clause: str, ahead: bool) -> None:  # noqa: FBT001
    assert is_prospect(clause) is ahead
