"""Quantities of CPU and memory as declarations and manifests state them, and what is plausible."""

MOST_CORES = 64
"""A request in cores instead of thousandths, such as 100 for 100m, exceeds this."""
LEAST_CORES = 0.01
"""The least limit with which Python starts within minutes."""
LEAST_BYTES = 1 << 20
MOST_BYTES = 64 << 40
LEAST_MEMORY, MOST_MEMORY = 32 << 20, 1 << 40


def cores(cpu: str) -> float:
    """The cores of a quantity such as 100m or 1.5."""
    return float(cpu[:-1]) / 1000 if cpu.endswith("m") else float(cpu)


def size_in_bytes(size: str) -> int:
    """The bytes of a size such as 512Mi."""
    return int(size[:-2]) << 10 * (1 + "KMGT".index(size[-2]))
