"""What a run of any engine hands to other programs, as bytes: GeoTIFF, GeoJSON, a JSON summary, a PNG preview.

Nothing here touches a disk; the same result gives the same bytes.
"""

from anlan.science.products.result import Outcome, Step, Zone, no_report, product_files

__all__ = ["Outcome", "Step", "Zone", "no_report", "product_files"]
