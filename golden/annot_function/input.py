def f(a: int, b: str = "s", *c: float, d: bytes = b"", **e: dict) -> None:
    x: int = 1
    y: list[int]
    return x
