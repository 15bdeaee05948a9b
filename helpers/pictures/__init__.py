"""Pictures for lesson 08: the course's own, from a folder, or downloaded.

drawn.py holds the course's own. decode.py turns a file into pixels, or says in one
sentence why it can't. folders.py finds pictures, classes and splits. cache.py keeps
decoded pixels in a memory-mapped file. splits.py is what lessons get. download.py
downloads. ``helpers.data.cats_and_dogs`` puts them together.
"""
