"""What a student ends with in lesson 08."""

import torch
from torch import nn
from torch.nn import functional as F


def predict_shapes():
    """How many rows are left of 224 after each layer; then how many numbers in all."""
    return {
        "Conv2d(3, 16, 11, stride=3)": 72,
        "MaxPool2d(2)": 36,
        "Conv2d(16, 32, 5)": 32,
        "MaxPool2d(2) again": 16,
        "Conv2d(32, 64, 3, padding=1)": 16,
        "Conv2d(64, 64, 3)": 14,
        "MaxPool2d(2) at last": 7,
        "Flatten()": 3136,
    }


def init_weights(module):
    """For model.apply: a Conv2d's or Linear's weight Kaiming-normal, its bias 0.

    Kaiming-normal: mean 0, standard deviation √(2 / inputs of one output). Every
    other module stays as it is.
    """
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def minibatches(images, labels, batch_size, generator):
    """One epoch as a list of (images, labels), shuffled anew with generator.

    images (N, C, H, W) and labels (N,) stay together; the last batch may be smaller.
    """
    order = torch.randperm(len(images), generator=generator)
    return [(images[chosen], labels[chosen]) for chosen in order.split(batch_size)]


def train_one_epoch(model, batches, optimizer):
    """Train on batches of (images, labels); returns the mean loss of a picture.

    model gives one logit for each picture, (N, 1). Labels are 0 or 1, integers (N,).
    The loss is binary cross entropy on logits. The model is set to training first.
    """
    model.train()
    total = count = 0
    for images, labels in batches:
        logits = model(images).squeeze(1)
        loss = F.binary_cross_entropy_with_logits(logits, labels.float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(images)
        count += len(images)
    return total / count


def accuracy_from_logits(logits, labels):
    """The share of pictures on the right side; logits (N, 1), labels (N,) of 0 and 1.

    A probability above one half means 1. Returns a plain number.
    """
    predicted = logits.squeeze(1) > 0
    return (predicted == labels.bool()).float().mean().item()


def evaluate(model, batches):
    """Mean loss of a picture, and accuracy, over batches of (images, labels).

    As in training, model gives logits (N, 1); the loss is binary cross entropy on
    them. Leaves no trace in the model's weights or statistics.
    """
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(images) for images, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())
    return loss.item(), accuracy_from_logits(logits, labels)


def confusion_matrix(predicted, labels, classes):
    """Entry [i, j]: how many pictures of class i were taken for class j.

    predicted and labels are integers (N,); the result is (classes, classes), integers.
    """
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for label, guess in zip(labels, predicted, strict=True):
        counts[label, guess] += 1
    return counts


def grad_cam(features, score):
    """Where features (1, C, H, W) raised score, a number computed from them: (H, W).

    Each channel weighs what its gradient is on average; nothing is below 0.
    """
    (gradients,) = torch.autograd.grad(score, features)
    weights = gradients.mean((2, 3), keepdim=True)
    return F.relu((weights * features).sum(1))[0].detach()
