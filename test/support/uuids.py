"""When an id was made: its UUIDv7 begins with milliseconds since 1970."""


def time_of(identifier: str) -> float:
    return int(identifier.rsplit("_", 1)[1][:12], 16) / 1000
