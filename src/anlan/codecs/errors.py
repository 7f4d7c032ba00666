"""What every codec raises, and nothing else."""


class ProtocolError(ValueError):
    """Bytes or values that the protocol does not allow; *code* is for programs, the text for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
