"""Draw every picture of the example site: `python tools/pictures.py [NAME…]`.

The pictures are ours from the first line to the last pixel: no photograph, no font, no download.
Running this again writes the same files (with the same version of Pillow).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from canvas import Canvas
from scenes_life import council, library, school_street, school_yard
from scenes_river import castle_at_dusk, flood_gauge, old_bridge, social_card, swans
from scenes_sport import athletics, autumn_leaves, planting, pool
from scenes_square import christmas_market, concert, heatwave, storm, vegetables
from scenes_street import bike_lane, closure_map, roadworks, station

CONTENT = Path(__file__).resolve().parent.parent / "content"

SCENES: dict[str, Callable[[], Canvas]] = {
    "images/partage.png": social_card,
    "posts/2026/chateau-dix-ans.jpg": castle_at_dusk,
    "posts/2026/marche-de-noel.jpg": christmas_market,
    "posts/2026/rue-des-tanneurs.jpg": roadworks,
    "posts/2026/tempete.jpg": storm,
    "posts/2026/cour-des-tilleuls.jpg": school_yard,
    "posts/2026/bibliotheque.jpg": library,
    "posts/2026/piscine.jpg": pool,
    "posts/2025/plan-velo.jpg": bike_lane,
    "posts/2026/conseil-installation.jpg": council,
    "posts/2025/plantations.jpg": planting,
    "posts/2025/fete-de-la-musique.jpg": concert,
    "posts/2026/piste-athletisme.jpg": athletics,
    "posts/2026/marche-producteurs.jpg": vegetables,
    "posts/2026/gare.jpg": station,
    "posts/2025/crue.jpg": flood_gauge,
    "posts/2026/place-du-chateau-plan.png": closure_map,
    "posts/2026/grippe-aviaire.jpg": swans,
    "posts/2025/canicule.jpg": heatwave,
    "posts/2026/pont-vieux.jpg": old_bridge,
    "posts/2026/feuilles-mortes.jpg": autumn_leaves,
    "posts/2026/rue-scolaire-bilan.jpg": school_street,
}


def main(names: list[str]) -> None:
    """Draw the pictures whose path contains one of `names`, or all of them."""
    for path, scene in SCENES.items():
        if not names or any(name in path for name in names):
            scene().save(CONTENT / path)
            size = (CONTENT / path).stat().st_size
            sys.stdout.write(f"{path}  {size // 1000} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
