"""What is made of the content is kept as it is, for as long as it is told."""

import time_machine

from modules.memory import MemoryCache


def test_memory_gives_back_the_very_object():
    memory, kept = MemoryCache("test-memory", {}), {"a": [1]}
    memory.set("key", kept)

    assert memory.get("key") is kept
    assert MemoryCache("test-memory", {}).get("key") is kept


def test_memory_forgets_when_the_time_is_up():
    memory = MemoryCache("test-memory-time", {})
    with time_machine.travel("2026-11-22 12:00", tick=False) as clock:
        memory.set("key", "kept", 60)
        clock.shift(59)
        assert memory.get("key", "gone") == "kept"
        clock.shift(2)
        assert memory.get("key", "gone") == "gone"


def test_memory_stays_within_its_bound():
    memory = MemoryCache("test-memory-bound", {"OPTIONS": {"MAX_ENTRIES": 10}})
    for number in range(50):
        memory.set(f"key {number}", number)

    assert len(memory._cache) <= 10
    assert memory.get("key 49") == 49
