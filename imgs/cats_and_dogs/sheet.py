"""Many small pictures as the tiles of one JPEG, which needs fewer bytes than many."""

import io

from PIL import Image

from helpers.pictures.drawn import COLUMNS, SIDE

# A JPEG's blocks are 8 × 8 pixels and stand alone as long as colours aren't stored
# more coarsely than brightness: so a tile's pixels don't depend on its neighbours, and
# tiles that were equal stay equal.
FORMAT = {
    "format": "JPEG",
    "quality": 85,
    "subsampling": "4:4:4",
    "progressive": True,
    "optimize": True,
}


def sheet(tiles):
    """The bytes of a JPEG of all tiles (N, SIDE, SIDE, 3), N a multiple of COLUMNS."""
    apart = tiles.reshape(-1, COLUMNS, SIDE, SIDE, 3).swapaxes(1, 2)
    image = Image.fromarray(apart.reshape(-1, COLUMNS * SIDE, 3))
    file = io.BytesIO()
    image.save(file, **FORMAT)
    return file.getvalue()
