"""Encryption of everything that Temporal stores: payloads and failures (NIST SP 800-53 SC-28).

What stays readable on the server: workflow ids, search attribute values, failure types and the names of workflows,
updates and activities. These are codes and random ids, never personal data.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from pdflow.records.crypto import KeyRing

_ENCODING = b"binary/encrypted"
_LABEL = "temporal.payload"


class EncryptingCodec(PayloadCodec):
    """AES-256-GCM with the key ring of the records: a value names its key, so old histories replay after a rotation.

    Args:
        keys: encrypts with its active key, decrypts with whichever key a payload names.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload, metadata included, sealed into one of our own encoding."""
        return [
            Payload(
                metadata={"encoding": _ENCODING},
                data=self._keys.encrypt(payload.SerializeToString(), _LABEL),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """What :meth:`encode` was given; payloads of other encodings pass unchanged (the server's own memos).

        Raises:
            KeyMissing: sealed with a key that is not in the ring.
            Undecipherable: altered.
        """
        return [self._open(payload) for payload in payloads]

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload
        return Payload.FromString(self._keys.decrypt(payload.data, _LABEL))


def data_converter(keys: KeyRing) -> DataConverter:
    """The converter of every client, worker and replayer of this product.

    Failure messages and stack traces are encoded too: they can quote source lines.
    """
    return dataclasses.replace(
        DataConverter.default,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
