from __future__ import annotations

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from pdflow.records.crypto import KeyRing
from pdflow.records.errors import KeyMissing, Undecipherable
from pdflow.services.temporal.codec import EncryptingCodec, data_converter

PLANTED = "Marta Planted-Marker"


async def test_a_payload_comes_back_and_shows_nothing_on_the_way() -> None:
    converter = data_converter(KeyRing.fresh())
    value = {"case": "K7Q-4MX", "name": PLANTED}

    (sealed,) = await converter.encode([value])

    assert PLANTED.encode() not in sealed.SerializeToString()
    assert b"json/plain" not in sealed.SerializeToString()
    assert await converter.decode([sealed]) == [value]


async def test_after_a_rotation_old_payloads_open_and_new_ones_carry_the_new_key() -> None:
    old = KeyRing.fresh()
    (before,) = await data_converter(old).encode(["before"])
    new = old.rotated()
    (after,) = await data_converter(new).encode(["after"])

    assert await data_converter(new).decode([before, after]) == ["before", "after"]
    with pytest.raises(KeyMissing):
        await data_converter(old).decode([after])


async def test_a_payload_under_the_key_of_another_installation_is_refused() -> None:
    (sealed,) = await data_converter(KeyRing.fresh()).encode(["x"])

    with pytest.raises(Undecipherable):
        await data_converter(KeyRing.fresh()).decode([sealed])


async def test_an_altered_payload_is_refused() -> None:
    codec = EncryptingCodec(KeyRing.fresh())
    (sealed,) = await codec.encode([Payload(data=b"value")])
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])

    with pytest.raises(Undecipherable):
        await codec.decode([sealed])


async def test_a_payload_of_another_encoding_passes_unchanged() -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b"1")

    assert await EncryptingCodec(KeyRing.fresh()).decode([plain]) == [plain]


async def test_a_failure_hides_message_and_stack_but_not_its_type() -> None:
    converter = data_converter(KeyRing.fresh())
    failure = Failure()
    try:
        raise ApplicationError(f"no letter for {PLANTED}", type="letter-missing")
    except ApplicationError as error:
        await converter.encode_failure(error, failure)

    wire = failure.SerializeToString()
    assert PLANTED.encode() not in wire
    assert b"test_codec" not in wire
    assert b"letter-missing" in wire
    back = await converter.decode_failure(failure)
    assert PLANTED in str(back)
