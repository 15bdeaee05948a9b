# 08.predict_shapes


# Somebody who pads every convolution in mind, and only halves.
# told: only the stride counts
@exercise("08.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 16, 11, stride=3)": 72,
        "MaxPool2d(2)": 36,
        "Conv2d(16, 32, 5)": 36,
        "MaxPool2d(2) again": 18,
        "Conv2d(32, 64, 3, padding=1)": 18,
        "Conv2d(64, 64, 3)": 18,
        "MaxPool2d(2) at last": 9,
        "Flatten()": 5184,
    }


# Somebody who takes the pools for steps of one.
# told: wrong values
@exercise("08.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 16, 11, stride=3)": 72,
        "MaxPool2d(2)": 71,
        "Conv2d(16, 32, 5)": 67,
        "MaxPool2d(2) again": 66,
        "Conv2d(32, 64, 3, padding=1)": 66,
        "Conv2d(64, 64, 3)": 64,
        "MaxPool2d(2) at last": 63,
        "Flatten()": 254016,
    }


# Somebody who writes whole shapes.
# told: wrong shape
@exercise("08.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 16, 11, stride=3)": (16, 72, 72),
        "MaxPool2d(2)": (16, 36, 36),
        "Conv2d(16, 32, 5)": (32, 32, 32),
        "MaxPool2d(2) again": (32, 16, 16),
        "Conv2d(32, 64, 3, padding=1)": (64, 16, 16),
        "Conv2d(64, 64, 3)": (64, 14, 14),
        "MaxPool2d(2) at last": (64, 7, 7),
        "Flatten()": 3136,
    }


# Somebody who miscounts the first layer, and goes on from there.
# told: the last place forgotten; the last place forgotten in convolutions; padding overlooked
@exercise("08.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 16, 11, stride=3)": 71,
        "MaxPool2d(2)": 35,
        "Conv2d(16, 32, 5)": 31,
        "MaxPool2d(2) again": 15,
        "Conv2d(32, 64, 3, padding=1)": 15,
        "Conv2d(64, 64, 3)": 13,
        "MaxPool2d(2) at last": 6,
        "Flatten()": 2304,
    }


# 08.init_weights


# Somebody who returns a new tensor, and the layer keeps its old one.
# told: nothing changed
@exercise("08.init_weights")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        std = (2 / module.weight[0].numel()) ** 0.5
        return torch.randn_like(module.weight) * std


# Somebody who goes through each module's children; all layers are reached.
# passes
@exercise("08.init_weights")
def init_weights(module):
    for layer in module.children():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


# Somebody who compares types by their names, and misspells one.
# told: linear layers alone
@exercise("08.init_weights")
def init_weights(module):
    if type(module).__name__ in ("Conv2D", "Linear"):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


# Somebody who writes into a parameter without no_grad.
# told: raised: autograd keeps watch over a parameter and
@exercise("08.init_weights")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        module.weight.normal_(0, (2 / module.weight[0].numel()) ** 0.5)
        if module.bias is not None:
            module.bias.zero_()


# Somebody who resets the batch norm as well, as many recipes do.
# told: batch norm reset
@exercise("08.init_weights")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.ones_(module.weight)
        nn.init.zeros_(module.bias)


# Somebody who lets the slope of a leaky ReLU in, as torch's own layers do.
# told: torch's own start
@exercise("08.init_weights")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        module.reset_parameters()
        if module.bias is not None:
            nn.init.zeros_(module.bias)


# Somebody who returns at the first layer that has no bias.
# told: layers without bias skipped
@exercise("08.init_weights")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        if module.bias is None:
            return
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


# passes
@exercise("08.init_weights")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        with torch.no_grad():
            fan_in = module.weight[0].numel()
            module.weight.copy_(torch.randn(module.weight.shape) * np.sqrt(2 / fan_in))
            if module.bias is not None:
                module.bias.fill_(0)


# 08.minibatches


# Somebody who yields, as loaders do.
# told: defined differently
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    for chosen in order.split(batch_size):
        yield images[chosen], labels[chosen]


# Somebody who returns after the first batch.
# told: only the first batch
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    batches = []
    for chosen in order.split(batch_size):
        batches.append((images[chosen], labels[chosen]))
        return batches


# Somebody who shuffles with NumPy.
# told: the generator left aside
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = np.random.permutation(len(images))
    return [
        (images[order[i : i + batch_size]], labels[order[i : i + batch_size]])
        for i in range(0, len(images), batch_size)
    ]


# Somebody whose slices are one picture too long.
# told: wrong values
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    return [
        (images[order[i : i + batch_size + 1]], labels[order[i : i + batch_size + 1]])
        for i in range(0, len(images), batch_size)
    ]


# Somebody who puts the labels first.
# told: labels first
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    return [(labels[c], images[c]) for c in order.split(batch_size)]


# Somebody who shuffles the images in place.
# told: changed inputs
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    images[:] = images[order]
    labels[:] = labels[order]
    return list(zip(images.split(batch_size), labels.split(batch_size)))


# Somebody who draws a new order for every batch.
# told: wrong values
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    batches = []
    for i in range(0, len(images), batch_size):
        order = torch.randperm(len(images), generator=generator)
        chosen = order[i : i + batch_size]
        batches.append((images[chosen], labels[chosen]))
    return batches


# passes
@exercise("08.minibatches")
def minibatches(images, labels, batch_size, generator):
    order = torch.rand(len(images), generator=generator).argsort()
    images, labels = images[order], labels[order]
    return list(zip(images.split(batch_size), labels.split(batch_size)))


# 08.train_one_epoch


# Somebody who keeps the loss as a tensor, with all of its graphs.
# told: graphs kept with the loss
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    total = 0
    for images, labels in batches:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(
            model(images).squeeze(1), labels.float()
        )
        loss.backward()
        optimizer.step()
        total += loss * len(images)
    return total / sum(len(images) for images, _ in batches)


# Somebody who returns nothing.
# told: returned nothing
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    for images, labels in batches:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(
            model(images).squeeze(1), labels.float()
        )
        loss.backward()
        optimizer.step()


# Somebody who sums the loss before the way back, and so steps farther.
# told: wrong values
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    total = count = 0
    for images, labels in batches:
        optimizer.zero_grad()
        logits = model(images).squeeze(1)
        loss = F.binary_cross_entropy_with_logits(
            logits, labels.float(), reduction="sum"
        )
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(images)
    return total / count


# Somebody who measures the loss again after the step.
# told: wrong values
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    total = count = 0
    for images, labels in batches:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(
            model(images).squeeze(1), labels.float()
        )
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            loss = F.binary_cross_entropy_with_logits(
                model(images).squeeze(1), labels.float()
            )
        total += loss.item() * len(images)
        count += len(images)
    return total / count


# Somebody who squeezes everything, and divides by the full batch's size.
# told: wrong values
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    total, size = 0, len(batches[0][0])
    for images, labels in batches:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(
            model(images).squeeze(), labels.float()
        )
        loss.backward()
        optimizer.step()
        total += loss.item() * len(images)
    return total / (size * len(batches))


# Somebody who steps twice for each batch.
# told: two steps a batch
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    total = count = 0
    for images, labels in batches:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(
            model(images).squeeze(1), labels.float()
        )
        loss.backward()
        optimizer.step()
        optimizer.step()
        total += loss.item() * len(images)
        count += len(images)
    return total / count


# passes
@exercise("08.train_one_epoch")
def train_one_epoch(model, batches, optimizer):
    model.train()
    losses = []
    for images, labels in batches:
        each = F.softplus(model(images)[:, 0] * (1 - 2 * labels))
        each.mean().backward()
        optimizer.step()
        optimizer.zero_grad()
        losses += each.tolist()
    return float(np.mean(losses))


# 08.accuracy_from_logits


# Somebody who returns a tensor of one number.
# passes
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    return ((logits.squeeze(1) > 0) == labels.bool()).float().mean()


# Somebody who divides whole numbers by whole numbers.
# told: wrong values
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    right = ((logits.squeeze(1) > 0).long() == labels).sum().item()
    return right // len(labels)


# Somebody who averages booleans.
# told: raised: This works on floats, and integers came:
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    return ((logits.squeeze(1) > 0) == labels).mean().item()


# Somebody who compares the signs with the labels.
# told: wrong values
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    return (logits.squeeze(1).sign() == labels).float().mean().item()


# Somebody who averages over the classes.
# told: wrong values
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    right = ((logits.squeeze(1) > 0) == labels.bool()).float()
    return np.mean([right[labels == c].mean().item() for c in labels.unique()])


# Somebody who takes precision for accuracy.
# told: wrong values
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    return labels[logits.squeeze(1) > 0].float().mean().item()


# Somebody who takes a softmax over the single column.
# told: threshold 0 on probabilities
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    p = logits.softmax(1).squeeze(1)
    return ((p > 0.5) == labels.bool()).float().mean().item()


# passes
@exercise("08.accuracy_from_logits")
def accuracy_from_logits(logits, labels):
    right = sum(
        (z > 0) == (y == 1) for (z,), y in zip(logits.tolist(), labels.tolist())
    )
    return right / len(labels)


# 08.evaluate


# Somebody who sets the model back to training when done.
# passes
@exercise("08.evaluate")
def evaluate(model, batches):
    model.eval()
    total = right = count = 0
    with torch.no_grad():
        for images, labels in batches:
            logits = model(images)
            loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())
            total += loss.item() * len(images)
            right += ((logits.squeeze(1) > 0) == labels.bool()).sum().item()
            count += len(images)
    model.train()
    return total / count, right / count


# Somebody who writes no_grad without with.
# told: graphs kept
@exercise("08.evaluate")
def evaluate(model, batches):
    model.eval()
    torch.no_grad()
    logits = torch.cat([model(images) for images, _ in batches]).detach()
    labels = torch.cat([labels for _, labels in batches])
    loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())
    return loss.item(), accuracy_from_logits(logits, labels)


# Somebody who writes eval without brackets.
# told: eval() forgotten
@exercise("08.evaluate")
def evaluate(model, batches):
    model.eval
    with torch.no_grad():
        logits = torch.cat([model(images) for images, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())
    return loss.item(), accuracy_from_logits(logits, labels)


# Somebody who returns the loss alone.
# told: returned nothing: `accuracy` is nothing
@exercise("08.evaluate")
def evaluate(model, batches):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(images) for images, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    return F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float()).item()


# Somebody who adds the batches' losses up.
# told: wrong values
@exercise("08.evaluate")
def evaluate(model, batches):
    model.eval()
    total = right = count = 0
    with torch.no_grad():
        for images, labels in batches:
            logits = model(images)
            total += F.binary_cross_entropy_with_logits(
                logits.squeeze(1), labels.float()
            ).item()
            right += ((logits.squeeze(1) > 0) == labels.bool()).sum().item()
            count += len(images)
    return total, right / count


# Somebody who works with a stack of batches, of which the last is smaller.
# told: raised: Arrays that are joined must have the same
@exercise("08.evaluate")
def evaluate(model, batches):
    model.eval()
    with torch.no_grad():
        logits = torch.stack([model(images) for images, _ in batches])
    labels = torch.stack([labels for _, labels in batches])
    loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())
    return loss.item(), accuracy_from_logits(logits, labels)


# 08.confusion_matrix


# Somebody who counts into floats.
# passes
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    counts = torch.zeros(classes, classes)
    for p, l in zip(predicted, labels):
        counts[l, p] += 1
    return counts


# Somebody who sets where others count.
# told: each cell counted once
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for p, l in zip(predicted, labels):
        counts[l, p] = 1
    return counts


# Somebody whose rows are one list, named several times.
# told: wrong values
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    counts = [[0] * classes] * classes
    for p, l in zip(predicted.tolist(), labels.tolist()):
        counts[l][p] += 1
    return torch.tensor(counts)


# Somebody who multiplies by the wrong one in the one-dimensional count.
# told: rows and columns swapped
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    cells = predicted * classes + labels
    return torch.bincount(cells, minlength=classes**2).reshape(classes, classes)


# Somebody who forgets minlength.
# told: raised: A reshape keeps every number: the sizes of
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    return torch.bincount(labels * classes + predicted).reshape(classes, classes)


# Somebody who counts in NumPy, and stays there.
# told: wrong type
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels.numpy(), predicted.numpy()), 1)
    return counts


# Somebody who returns inside the loop.
# told: wrong values
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for p, l in zip(predicted, labels):
        counts[l, p] += 1
        return counts


# passes
@exercise("08.confusion_matrix")
def confusion_matrix(predicted, labels, classes):
    return F.one_hot(labels, classes).T @ F.one_hot(predicted, classes)


# 08.grad_cam


# Somebody who keeps the graph, and hands it out.
# passes
@exercise("08.grad_cam")
def grad_cam(features, score):
    grads = torch.autograd.grad(score, features, retain_graph=True)[0]
    alpha = grads.mean(dim=(2, 3))[0]
    return torch.einsum("c,chw->hw", alpha, features[0]).clamp(min=0)


# Somebody who forgets that grad returns a tuple.
# told: raised: That is a plain tuple, which has no `mean`.
@exercise("08.grad_cam")
def grad_cam(features, score):
    gradients = torch.autograd.grad(score, features)
    weights = gradients.mean((2, 3), keepdim=True)
    return F.relu((weights * features).sum(1))[0].detach()


# Somebody who asks the score for its own gradient.
# told: raised: `backward()` starts from a single number, the
@exercise("08.grad_cam")
def grad_cam(features, score):
    (gradients,) = torch.autograd.grad(features, score)
    weights = gradients.mean((2, 3), keepdim=True)
    return F.relu((weights * features).sum(1))[0].detach()


# Somebody who averages over everything, channels too.
# told: wrong values
@exercise("08.grad_cam")
def grad_cam(features, score):
    (gradients,) = torch.autograd.grad(score, features)
    return F.relu((gradients.mean() * features).sum(1))[0].detach()


# Somebody who cuts the gradients off below zero.
# told: wrong values
@exercise("08.grad_cam")
def grad_cam(features, score):
    (gradients,) = torch.autograd.grad(score, features)
    weights = F.relu(gradients).mean((2, 3), keepdim=True)
    return F.relu((weights * features).sum(1))[0].detach()


# Somebody who takes sizes in place of cutting off.
# told: wrong values
@exercise("08.grad_cam")
def grad_cam(features, score):
    (gradients,) = torch.autograd.grad(score, features)
    weights = gradients.mean((2, 3), keepdim=True)
    return (weights * features).sum(1)[0].abs().detach()


# Somebody who takes the largest channel.
# told: wrong values
@exercise("08.grad_cam")
def grad_cam(features, score):
    (gradients,) = torch.autograd.grad(score, features)
    weights = gradients.mean((2, 3), keepdim=True)
    return F.relu((weights * features).amax(1))[0].detach()
