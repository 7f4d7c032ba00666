"""The door: where readings come in, are checked, stored durably, and only then acknowledged."""

from anlan.stream.door.dead import DeadLetters
from anlan.stream.door.door import Door
from anlan.stream.door.http import DoorApp
from anlan.stream.door.mqtt import MqttDoor
from anlan.stream.door.registry import RegistryCache

__all__ = ["DeadLetters", "Door", "DoorApp", "MqttDoor", "RegistryCache"]
