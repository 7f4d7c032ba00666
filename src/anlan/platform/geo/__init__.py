"""Places: geometry in the database without an extension, exact predicates, tiles and imports.

All stored geometry is longitude and latitude in WGS-84, which CGCS2000 equals to within
centimetres; what comes in another system is converted at the door.
"""
