"""To be written."""


def arguments(parser):
    pass


def run(args):
    raise NotImplementedError
