"""Scenario packs: named, seeded scenarios of several engines that belong together, as packaged declarations.

A pack says what state its data are in; its members are worked cases of the engines with what is changed in them. A
terrain of one's own may take the place of those that a formula gives.
"""

from anlan.science.packs.declaration import Pack, PackMember, pack_names, read_pack
from anlan.science.packs.members import member_params

__all__ = ["Pack", "PackMember", "member_params", "pack_names", "read_pack"]
