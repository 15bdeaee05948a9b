# 04.sharpen


# Somebody who builds the kernel of the picture, and repeats it along both axes.
# told: every channel from all
@exercise("04.sharpen")
def sharpen(channels):
    kernel = torch.full((3, 3), -1 / 9)
    kernel[1, 1] = 1
    return kernel.repeat(channels, channels, 1, 1)


# Somebody who adds the sharpening on top of the picture: 2 in the middle.
# told: wrong values
@exercise("04.sharpen")
def sharpen(channels):
    weight = torch.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 1, 1] = 17 / 9
    return weight


# The kernel that books print: 5 in the middle, four neighbours.
# told: wrong values
@exercise("04.sharpen")
def sharpen(channels):
    kernel = torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    return kernel.expand(channels, 1, 3, 3)


# Somebody who marks the middle row and column.
# told: wrong values
@exercise("04.sharpen")
def sharpen(channels):
    weight = torch.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 1] = 1
    return weight


# Somebody who counts from 1.
# told: the corner for the middle
@exercise("04.sharpen")
def sharpen(channels):
    weight = torch.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 2, 2] = 1
    return weight


# Integer division: -1 // 9 is -1.
# told: wrong dtype
@exercise("04.sharpen")
def sharpen(channels):
    weight = torch.full((channels, 1, 3, 3), -1 // 9)
    weight[:, :, 1, 1] = 1
    return weight


# NumPy's floats.
# told: wrong type
@exercise("04.sharpen")
def sharpen(channels):
    weight = np.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 1, 1] = 1
    return weight


# NumPy's floats, turned into a tensor.
# told: wrong dtype
@exercise("04.sharpen")
def sharpen(channels):
    weight = np.full((channels, 1, 3, 3), -1 / 9)
    weight[:, :, 1, 1] = 1
    return torch.from_numpy(weight)


# Somebody who thinks of pictures with three channels only.
# told: wrong shape
@exercise("04.sharpen")
def sharpen(channels):
    weight = torch.full((3, 1, 3, 3), -1 / 9)
    weight[:, :, 1, 1] = 1
    return weight


# Axes in another order.
# told: one kernel for all channels
@exercise("04.sharpen")
def sharpen(channels):
    weight = torch.full((1, channels, 3, 3), -1 / 9)
    weight[0, :, 1, 1] = 1
    return weight


# passes
@exercise("04.sharpen")
def sharpen(channels):
    kernel = torch.zeros(3, 3)
    kernel[1, 1] = 10 / 9
    return (kernel - 1 / 9).expand(channels, 1, 3, 3)


# passes
@exercise("04.sharpen")
def sharpen(channels):
    layer = nn.Conv2d(channels, channels, 3, groups=channels)
    nn.init.constant_(layer.weight, -1 / 9)
    layer.weight.data[:, 0, 1, 1] = 1
    return layer.weight.detach()


# 04.predict_shapes


# Somebody for whom a stride of 2 halves, whatever the window.
# told: a window over the edge
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 16, 10),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


# Somebody who gives pooling eight channels too.
# told: pooling makes channels
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 8, 16, 10),
    }


# Somebody who reads channels, size, stride.
# told: wrong values
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 5, 30, 18),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


# Somebody who takes half a window off, and rounds in another way each time.
# told: a window over the edge; every window fits everywhere
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 30, 18),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 33, 21),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 16, 10),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


# Somebody who adds the padding, and forgets the window.
# told: the padding alone
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 34, 22),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


# Somebody who lets pooling move by 1.
# told: pooling by single steps
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 3, 31, 19),
    }


# Somebody who takes each layer for the next after the one before.
# told: layers taken for a chain
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 13, 7),
        "MaxPool2d(2)": (2, 8, 6, 3),
    }


# Somebody who puts the channels before the batch.
# told: wrong values
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (8, 2, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": (8, 2, 32, 20),
        "Conv2d(3, 8, 3, stride=2)": (8, 2, 15, 9),
        "MaxPool2d(2)": (3, 2, 16, 10),
    }


# Somebody who has looked at one layer, and comes back later for the others.
# told: returned nothing
@exercise("04.predict_shapes")
def predict_shapes():
    return {
        "Conv2d(3, 8, 5)": (2, 8, 28, 16),
        "Conv2d(3, 8, 3, padding=1)": None,
        "Conv2d(3, 8, 3, stride=2)": None,
        "MaxPool2d(2)": None,
    }


# passes
@exercise("04.predict_shapes")
def predict_shapes():
    x = torch.zeros(2, 3, 32, 20)
    return {
        "Conv2d(3, 8, 5)": nn.Conv2d(3, 8, 5)(x).shape,
        "Conv2d(3, 8, 3, padding=1)": list(nn.Conv2d(3, 8, 3, padding=1)(x).shape),
        "Conv2d(3, 8, 3, stride=2)": (2, 8, 15, 9),
        "MaxPool2d(2)": (2, 3, 16, 10),
    }


# 04.conv_output_size


# Somebody who leaves the brackets out.
# told: wrong values
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return size + 2 * padding - dilation * (kernel_size - 1) - 1 // stride + 1


# Somebody who converts at the end.
# passes
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return int((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)


# Somebody who lets Python count the places.
# passes
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return len(range(0, size + 2 * padding - dilation * (kernel_size - 1), stride))


# Somebody who takes half a window off at each end: right for odd kernels only.
# told: right for odd kernels
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    half = dilation * (kernel_size // 2)
    return (size + 2 * padding - 2 * half - 1) // stride + 1


# Somebody who divides the size, and subtracts after it.
# told: wrong values
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return size // stride - dilation * (kernel_size - 1) + 2 * padding


# Somebody who counts one place less than the range.
# told: the first place forgotten
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - reach) // stride


# The formula for "same".
# told: wrong values
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return -(-size // stride)


# The formula of the transposed convolution.
# told: wrong values
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1


# Padding counted by the dilation, too.
# told: wrong values
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return (
        size + 2 * padding * dilation - dilation * (kernel_size - 1) - 1
    ) // stride + 1


# Rounded down in another place, as a float.
# passes
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return np.floor(
        (size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1
    )


# Somebody who moves the window until it doesn't fit any more.
# passes
@exercise("04.conv_output_size")
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    count, start = 0, -padding
    while start + dilation * (kernel_size - 1) < size + padding:
        count += 1
        start += stride
    return count


# 04.max_pool2d


# Somebody who calls max with two axes, as NumPy allows.
# told: raised: `amax` takes several
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    return x.unfold(2, kH, sH).unfold(3, kW, sW).max((-2, -1))


# Somebody who counts the steps, not the places.
# told: the last window forgotten
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    N, C, H, W = x.shape
    rows, columns = (H - kH) // sH, (W - kW) // sW
    result = torch.empty(N, C, rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            result[:, :, i, j] = window.amax((2, 3))
    return result


# Somebody who forgets to multiply by the stride.
# told: first places for all
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    N, C, H, W = x.shape
    rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
    result = torch.empty(N, C, rows, columns)
    for i in range(rows):
        for j in range(columns):
            result[:, :, i, j] = x[:, :, i : i + kH, j : j + kW].amax((2, 3))
    return result


# Somebody whose window ends at kH, wherever it starts.
# told: raised: There is nothing here to compare
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    N, C, H, W = x.shape
    rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
    result = torch.empty(N, C, rows, columns)
    for i in range(rows):
        for j in range(columns):
            result[:, :, i, j] = x[:, :, i * sH : kH, j * sW : kW].amax((2, 3))
    return result


# Somebody who fills zeros with a running maximum.
# told: the maximum starts at 0
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    N, C, H, W = x.shape
    rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
    result = torch.zeros(N, C, rows, columns)
    for i in range(kH):
        for j in range(kW):
            taps = x[:, :, i : i + rows * sH : sH, j : j + columns * sW : sW]
            result = torch.maximum(result, taps[:, :, :rows, :columns])
    return result


# Somebody who takes NumPy's way, and cuts the graph.
# told: wrong gradients: None comes back
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    windows = np.lib.stride_tricks.sliding_window_view(
        x.detach().numpy(), (kH, kW), axis=(2, 3)
    )
    return torch.from_numpy(windows[:, :, ::sH, ::sW].max((-2, -1)))


# Somebody who lets the picture's edge hang over, rounding up.
# told: wrong shape
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    return F.max_pool2d(x, kernel_size, stride, ceil_mode=True)


# Somebody who pads, as convolutions often do.
# told: wrong shape
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    return F.max_pool2d(x, kernel_size, stride, padding=1)


# Somebody who forgets the stride: torch takes the kernel's size for it.
# told: stride ignored
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    return F.max_pool2d(x, kernel_size)


# Somebody who takes the largest by size, signs aside.
# told: wrong values
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    return x.abs().unfold(2, kH, sH).unfold(3, kW, sW).amax((-2, -1))


# passes
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    return nn.MaxPool2d(kernel_size, stride)(x)


# passes
@exercise("04.max_pool2d")
def max_pool2d(x, kernel_size, stride):
    (kH, kW), (sH, sW) = kernel_size, stride
    rows = [
        x[:, :, top : top + kH].amax(2) for top in range(0, x.shape[2] - kH + 1, sH)
    ]
    x = torch.stack(rows, 2)
    columns = [
        x[..., left : left + kW].amax(-1) for left in range(0, x.shape[3] - kW + 1, sW)
    ]
    return torch.stack(columns, -1)


# 04.batch_norm


# Somebody who hands back the result, and forgets what else is asked for.
# told: wrong type: y, running_mean, running_var
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
    y = (x - mean.view(-1, 1, 1)) / (var.view(-1, 1, 1) + eps).sqrt()
    return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1)


# Somebody who calls torch's with the running statistics themselves.
# told: changed inputs
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    y = F.batch_norm(
        x, running_mean, running_var, weight, bias, training, momentum, eps
    )
    return y, running_mean, running_var


# Somebody who updates in place.
# told: changed inputs
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean *= 1 - momentum
        running_mean += momentum * mean
        running_var *= 1 - momentum
        running_var += momentum * x.var((0, 2, 3))
    y = (x - mean.view(-1, 1, 1)) / (var.view(-1, 1, 1) + eps).sqrt()
    return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var


# Somebody who normalises with the running statistics once they have moved.
# told: running statistics while training
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    if training:
        running_mean = (1 - momentum) * running_mean + momentum * x.mean((0, 2, 3))
        running_var = (1 - momentum) * running_var + momentum * x.var((0, 2, 3))
    mean, var = running_mean.view(-1, 1, 1), running_var.view(-1, 1, 1)
    y = (x - mean) / (var + eps).sqrt()
    return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var


# Somebody who forgets to bring (C,) into its place.
# told: raised: can't stand side by side
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * x.var((0, 2, 3))
    y = (x - mean) / (var + eps).sqrt() * weight + bias
    return y, running_mean, running_var


# One variance for both, the unbiased one: torch's default.
# told: unbiased variance to normalise
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var
    y = (x - mean.view(-1, 1, 1)) / (var.view(-1, 1, 1) + eps).sqrt()
    return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var


# A language model's formula: biased in both places.
# told: biased variance kept
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    if training:
        mean = x.mean(dim=(0, 2, 3), keepdim=True)
        var = x.var(dim=(0, 2, 3), keepdim=True, unbiased=False)
        running_mean = (1 - momentum) * running_mean + momentum * mean.squeeze()
        running_var = (1 - momentum) * running_var + momentum * var.squeeze()
    else:
        mean = running_mean.view(1, -1, 1, 1)
        var = running_var.view(1, -1, 1, 1)
    y = (x - mean) / torch.sqrt(var + eps)
    return (
        y * weight.view(1, -1, 1, 1) + bias.view(1, -1, 1, 1),
        running_mean,
        running_var,
    )


# Only the mean is kept, the variance forgotten.
# told: running statistics never move
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
    y = (x - mean.view(-1, 1, 1)) / (var.view(-1, 1, 1) + eps).sqrt()
    return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var


# momentum and eps are not used as given.
# told: wrong values
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean = 0.9 * running_mean + 0.1 * mean
        running_var = 0.9 * running_var + 0.1 * x.var((0, 2, 3))
    y = (x - mean.view(-1, 1, 1)) / (var.view(-1, 1, 1) + eps).sqrt()
    return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var


# passes
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    kept = running_mean.clone(), running_var.clone()
    y = F.batch_norm(x, *kept, weight, bias, training, momentum, eps)
    return y, *kept


# passes
@exercise("04.batch_norm")
def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    rows = x.movedim(1, -1).reshape(-1, x.shape[1])
    mean, var = running_mean, running_var
    if training:
        mean, var = rows.mean(0), rows.var(0, unbiased=False)
        n = len(rows)
        running_mean = running_mean + momentum * (mean - running_mean)
        running_var = running_var + momentum * (var * n / (n - 1) - running_var)
    rows = (rows - mean) * (var + eps).rsqrt() * weight + bias
    N, C, H, W = x.shape
    return rows.reshape(N, H, W, C).movedim(-1, 1), running_mean, running_var


# 04.dropout


# Somebody who draws noise anew.
# told: wrong values
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if not training:
        return x
    return x * (torch.rand_like(x) >= p) / (1 - p)


# Somebody who calls torch's.
# told: wrong values
@exercise("04.dropout")
def dropout(x, noise, p, training):
    return F.dropout(x, p, training)


# Somebody who leaves the dropped entries out.
# told: wrong shape
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if not training:
        return x
    return x[noise >= p] / (1 - p)


# Somebody who writes into x.
# told: changed inputs
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if training:
        x[noise < p] = 0
        x /= 1 - p
    return x


# Somebody who multiplies by the noise itself.
# told: wrong values
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if not training:
        return x
    return x * noise / (1 - p)


# Precedence: 1 - p is subtracted from.
# told: brackets left out
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if not training:
        return x
    return x * (noise >= p) / 1 - p


# Training and eval exchanged.
# told: train and eval exchanged
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if training:
        return x
    return x * (noise >= p) / (1 - p)


# Somebody who forgets what happens in eval.
# told: returned nothing
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if training:
        return x * (noise >= p) / (1 - p)


# The mask alone.
# told: wrong values
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if not training:
        return x
    return (noise >= p) / (1 - p)


# A whole row is dropped or kept.
# told: wrong values
@exercise("04.dropout")
def dropout(x, noise, p, training):
    if not training:
        return x
    keep = noise.flatten(1)[:, 0] >= p
    return x * keep.view(-1, *[1] * (x.dim() - 1)) / (1 - p)


# passes
@exercise("04.dropout")
def dropout(x, noise, p, training):
    return torch.where(noise < p, 0.0, x / (1 - p)) if training else x.clone()


# passes
@exercise("04.dropout")
def dropout(x, noise, p, training):
    scale = (noise >= p).float().div(1 - p) if training else torch.ones_like(x)
    return x.mul(scale)


# 04.count_parameters


# Somebody who multiplies height and width only.
# told: raised: An index points past the end
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(p.shape[0] * p.shape[1] for p in model.parameters())


# Somebody who looks at layers' attributes.
# told: raised: `Linear`, has none
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(layer.weight.numel() + layer.bias.numel() for layer in model)


# Somebody who forgets the brackets of numel.
# told: raised: A function stands here
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(p.numel for p in model.parameters())


# Somebody who returns in the loop.
# told: only the first tensor
@exercise("04.count_parameters")
def count_parameters(model):
    total = 0
    for p in model.parameters():
        total += p.numel()
        return total


# Somebody who counts the tensors, and has no thought of frozen ones.
# told: tensors counted
@exercise("04.count_parameters")
def count_parameters(model):
    return len(list(model.parameters()))


# The same, with the rows of each.
# told: first axis counted
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(len(p) for p in model.parameters())


# Somebody who goes through the layers, and asks for their weights.
# told: biases left out
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(m.weight.numel() for m in model.modules() if hasattr(m, "weight"))


# Somebody who asks every module, and each answers for those inside it.
# told: inner layers counted again
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(p.numel() for m in model.modules() for p in m.parameters())


# Somebody who turns the question round, and counts what is frozen.
# told: wrong values
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if not p.requires_grad)


# Somebody who goes through the layers, and counts those with a weight.
# told: frozen ones counted
@exercise("04.count_parameters")
def count_parameters(model):
    total = 0
    for module in model.modules():
        if hasattr(module, "weight"):
            total += module.weight.numel() + module.bias.numel()
    return total


# The same, with linear layers in mind.
# told: wrong values
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(
        m.in_features * m.out_features + m.out_features
        for m in model.modules()
        if isinstance(m, nn.Linear)
    )


# Somebody who prints.
# told: returned nothing
@exercise("04.count_parameters")
def count_parameters(model):
    print(sum(p.numel() for p in model.parameters() if p.requires_grad))


# passes
@exercise("04.count_parameters")
def count_parameters(model):
    return sum(
        int(np.prod(p.shape)) for _, p in model.named_parameters() if p.requires_grad
    )


# passes
@exercise("04.count_parameters")
def count_parameters(model):
    trained = [p for p in model.parameters() if p.requires_grad]
    return len(nn.utils.parameters_to_vector(trained))


# 04.tiny_vgg


# A Sequential of everything.
# passes
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        layers = []
        for a, b in pairwise(channels):
            layers += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.net = nn.Sequential(*layers, nn.Linear(channels[-1], classes))

    def forward(self, x):
        return self.net(x)


# ReLU after pooling: the same numbers.
# passes
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.convs = nn.ModuleList()
        for a, b in zip(channels[:-1], channels[1:]):
            self.convs.append(nn.Conv2d(a, b, kernel_size=3, padding="same"))
        self.fc = nn.Linear(channels[-1], classes)

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(F.max_pool2d(conv(x), 2))
        return self.fc(x.flatten(2).mean(2))


# Layers made in forward: nothing to train, and new ones at each call.
# told: layers made in forward
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.channels, self.classes = channels, classes

    def forward(self, x):
        for a, b in pairwise(self.channels):
            x = nn.Conv2d(a, b, 3, padding=1)(x).relu()
            x = F.max_pool2d(x, 2)
        return nn.Linear(self.channels[-1], self.classes)(x.mean((2, 3)))


# Only the first block is used: `return` inside the loop.
# told: raised: In `a @ b`
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
            for a, b in pairwise(channels)
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
            return self.head(x.mean((2, 3)))


# The mean over the wrong axes.
# told: raised: In `a @ b`
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
                for a, b in pairwise(channels)
            )
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((1, 2)))


# The sum for the mean.
# told: sum for mean
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
                for a, b in pairwise(channels)
            )
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.blocks(x).sum((2, 3)))


# Pooling with the kernel 3, as AlexNet did.
# told: wrong values
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, padding=1),
                    nn.ReLU(),
                    nn.MaxPool2d(3, stride=2, padding=1),
                )
                for a, b in pairwise(channels)
            )
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((2, 3)))


# Convolutions without their bias, as it is done before a batch norm.
# told: wrong values
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, padding=1, bias=False),
                    nn.ReLU(),
                    nn.MaxPool2d(2),
                )
                for a, b in pairwise(channels)
            )
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((2, 3)))


# VGG's real blocks have two convolutions.
# told: wrong values
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, padding=1),
                    nn.ReLU(),
                    nn.Conv2d(b, b, 3, padding=1),
                    nn.ReLU(),
                    nn.MaxPool2d(2),
                )
                for a, b in pairwise(channels)
            )
        )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((2, 3)))


# Somebody who spells forward as a call.
# told: raised: no method `forward`
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
            for a, b in pairwise(channels)
        )
        self.head = nn.Linear(channels[-1], classes)

    def forwards(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))


# One block for each entry of channels, from the picture's three colours.
# told: raised: made for 3 channels, and 1 arrive
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        blocks, a = [], 3
        for b in channels:
            blocks += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            a = b
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(a, classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((2, 3)))


# One pair only: the others are overwritten.
# told: raised: made for 5 channels, and 3 arrive
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        for a, b in pairwise(channels):
            self.block = nn.Sequential(
                nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
            )
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.block(x).mean((2, 3)))


# A language model that adds a dropout, in training mode as modules come.
# told: left to chance
@exercise("04.tiny_vgg")
class TinyVGG(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
                for a, b in pairwise(channels)
            )
        )
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(channels[-1], classes)

    def forward(self, x):
        return self.head(self.blocks(self.drop(x)).mean((2, 3)))


# 04.cross_entropy


# Somebody who calls torch's own.
# passes
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    return F.nll_loss(scores.log_softmax(-1), labels)


# passes
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    return (scores.logsumexp(1) - scores.gather(1, labels[:, None])[:, 0]).mean()


# passes
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    targets = torch.eye(scores.shape[1])[labels]
    return -(targets * scores.log_softmax(1)).sum(1).mean()


# Somebody who hands back a plain number.
# told: wrong gradients: None comes back
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    return F.cross_entropy(scores, labels).item()


# Somebody who adds a small number before the log.
# told: a small number added
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    p = scores.softmax(1)[torch.arange(len(labels)), labels]
    return -(p + 1e-8).log().mean()


# Somebody who clamps the probability.
# told: a small number added
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    p = scores.softmax(1)[torch.arange(len(labels)), labels]
    return -p.clamp(min=1e-7).log().mean()


# Somebody who adds a number so small that it seems to change nothing.
# told: a small number added
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    return F.nll_loss((scores.softmax(1) + 1e-12).log(), labels)


# The mean before the log.
# told: wrong values
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    p = scores.softmax(1)[torch.arange(len(labels)), labels]
    return -p.mean().log()


# Another base.
# told: wrong values: right except for a factor of 1.443
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    shifted = scores - scores.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    return -(log_p / np.log(2))[torch.arange(len(labels)), labels].mean()


# The binary formula: the other classes' share, too.
# told: wrong values
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    targets = F.one_hot(labels, scores.shape[1]).float()
    return F.binary_cross_entropy_with_logits(scores, targets)


# Scores squared against targets.
# told: wrong values
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    targets = F.one_hot(labels, scores.shape[1]).float()
    return F.mse_loss(scores.softmax(1), targets)


# The entropy of the prediction itself, labels unused.
# told: wrong values
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    return -(scores.softmax(1) * scores.log_softmax(1)).sum(1).mean()


# Only the label's probability is missing: 1 - p.
# told: wrong values
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    p = scores.softmax(1)[torch.arange(len(labels)), labels]
    return (1 - p).mean()


# max gives two things.
# told: raised: `max` gives two things
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    shifted = scores - scores.max(1, keepdim=True)
    log_sum = shifted.exp().sum(1).log()
    return (log_sum - shifted[torch.arange(len(labels)), labels]).mean()


# keepdim forgotten.
# told: raised: can't stand side by side
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    shifted = scores - scores.amax(1)
    log_sum = shifted.exp().sum(1).log()
    return (log_sum - shifted[torch.arange(len(labels)), labels]).mean()


# The largest score for the label's.
# told: wrong values
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    return -scores.log_softmax(1).amax(1).mean()


# Shifted without the maximum's gradient: the same after all.
# passes
@exercise("04.cross_entropy")
def cross_entropy(scores, labels):
    shifted = scores - scores.detach().amax(1, keepdim=True)
    log_sum = shifted.exp().sum(1).log()
    return (log_sum - shifted[torch.arange(len(labels)), labels]).mean()
