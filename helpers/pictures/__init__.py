"""Pictures for lesson 08: drawn, from a folder, or downloaded; decoded once, kept.

decode.py turns a file into pixels, or says in one sentence why it can't. folders.py
finds pictures, classes and splits. cache.py keeps the pixels in a memory-mapped file.
splits.py is what lessons get. drawing.py draws, download.py downloads.
``helpers.data.cats_and_dogs`` puts them together.
"""
