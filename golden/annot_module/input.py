x: int
y: str = "s"
z: list["X"] = []
