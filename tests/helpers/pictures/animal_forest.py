"""A forest that guesses cat or dog from a few numbers of a picture."""

from sklearn.ensemble import RandomForestClassifier

GUESSING = 0.5
CHANCE = 0.12  # more than four standard deviations of guessing 400 labels


def score(features, labels, unseen, truth):
    """The share of ``unseen`` (N, D) that is told right after training on the rest."""
    forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0)
    return forest.fit(features, labels).score(unseen, truth)
