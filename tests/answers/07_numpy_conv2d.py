# 07.predict_sizes


# Somebody for whom torch pads so that the size stays.
# told: kernel not subtracted
@exercise("07.predict_sizes")
def predict_sizes():
    return {
        "y": (2, 6, 7, 10),
        "y, stride=2": (2, 6, 4, 5),
        "y, padding=(1, 0)": (2, 6, 9, 10),
        "y, dilation=(1, 3)": (2, 6, 7, 10),
        "weight, groups=2": (6, 2, 3, 3),
    }


# Somebody who puts the channels last.
# told: wrong values
@exercise("07.predict_sizes")
def predict_sizes():
    return {
        "y": (2, 5, 8, 6),
        "y, stride=2": (2, 3, 4, 6),
        "y, padding=(1, 0)": (2, 7, 8, 6),
        "y, dilation=(1, 3)": (2, 5, 4, 6),
        "weight, groups=2": (6, 2, 3, 3),
    }


# Somebody who leaves the batch out.
# told: wrong shape
@exercise("07.predict_sizes")
def predict_sizes():
    return {
        "y": (6, 5, 8),
        "y, stride=2": (6, 3, 4),
        "y, padding=(1, 0)": (6, 7, 8),
        "y, dilation=(1, 3)": (6, 5, 4),
        "weight, groups=2": (6, 2, 3, 3),
    }


# Somebody who pads the columns as well.
# told: wrong values
@exercise("07.predict_sizes")
def predict_sizes():
    return {
        "y": (2, 6, 5, 8),
        "y, stride=2": (2, 6, 3, 4),
        "y, padding=(1, 0)": (2, 6, 7, 10),
        "y, dilation=(1, 3)": (2, 6, 5, 4),
        "weight, groups=2": (6, 2, 3, 3),
    }


# Somebody who multiplies the channels by the groups.
# told: wrong values
@exercise("07.predict_sizes")
def predict_sizes():
    return {
        "y": (2, 6, 5, 8),
        "y, stride=2": (2, 6, 3, 4),
        "y, padding=(1, 0)": (2, 6, 7, 8),
        "y, dilation=(1, 3)": (2, 6, 5, 4),
        "weight, groups=2": (12, 4, 3, 3),
    }


# Somebody who counts one gap for a dilation of 3: the kernel's width plus 3.
# told: wrong values
@exercise("07.predict_sizes")
def predict_sizes():
    return {
        "y": (2, 6, 5, 8),
        "y, stride=2": (2, 6, 3, 4),
        "y, padding=(1, 0)": (2, 6, 7, 8),
        "y, dilation=(1, 3)": (2, 6, 5, 5),
        "weight, groups=2": (6, 2, 3, 3),
    }


# 07.dilate_kernel


# Somebody who takes the dilation for a number.
# told: int where a pair is given
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    C_out, C_in, kH, kW = weight.shape
    out = np.zeros((C_out, C_in, (kH - 1) * dilation + 1, (kW - 1) * dilation + 1))
    out[:, :, ::dilation, ::dilation] = weight
    return out


# Somebody who forgets the dtype.
# told: wrong dtype
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    C_out, C_in, kH, kW = weight.shape
    out = np.zeros((C_out, C_in, (kH - 1) * dH + 1, (kW - 1) * dW + 1))
    out[:, :, ::dH, ::dW] = weight
    return out


# Somebody who leaves what np.empty hands out in the holes.
# told: not finite
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    C_out, C_in, kH, kW = weight.shape
    out = np.full(
        (C_out, C_in, (kH - 1) * dH + 1, (kW - 1) * dW + 1), np.nan, weight.dtype
    )
    out[:, :, ::dH, ::dW] = weight
    return out


# Somebody who takes the weights for a square.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    C_out, C_in, k, _ = weight.shape
    out = np.zeros((C_out, C_in, (k - 1) * dH + 1, (k - 1) * dW + 1), weight.dtype)
    out[:, :, ::dH, ::dW] = weight
    return out


# Somebody who puts the weights in one after the other, and sets where others add.
# told: zeros after the last weight
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    C_out, C_in, kH, kW = weight.shape
    out = np.zeros((C_out, C_in, kH * dH, kW * dW), weight.dtype)
    for a in range(kH):
        for b in range(kW):
            out[:, :, a * dH, b * dW] = weight[:, :, a, b]
    return out


# Somebody who counts the kernels' axes from the front.
# told: wrong shape
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    kH, kW = weight.shape[:2]
    out = np.zeros(
        ((kH - 1) * dH + 1, (kW - 1) * dW + 1, *weight.shape[2:]), weight.dtype
    )
    out[::dH, ::dW] = weight
    return out


# Somebody who thins the kernel out.
# told: wrong shape
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    return weight[:, :, ::dH, ::dW]


# passes
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    out = np.insert(weight, np.repeat(np.arange(1, weight.shape[2]), dH - 1), 0, axis=2)
    return np.insert(out, np.repeat(np.arange(1, weight.shape[3]), dW - 1), 0, axis=3)


# passes
@exercise("07.dilate_kernel")
def dilate_kernel(weight, dilation):
    dH, dW = pair(dilation)
    rows = np.eye(dH * (weight.shape[2] - 1) + 1, dtype=weight.dtype)[:, ::dH]
    columns = np.eye(dW * (weight.shape[3] - 1) + 1, dtype=weight.dtype)[:, ::dW]
    return rows @ weight @ columns.T


# 07.conv2d_loops


# Somebody who forgets `first`: the group's channels.
# told: groups ignored
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    for n, o, i, j in np.ndindex(y.shape):
        for c, a, b in np.ndindex(weight.shape[1:]):
            y[n, o, i, j] += (
                padded[n, c, i * sH + a * dH, j * sW + b * dW] * weight[o, c, a, b]
            )
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


# Somebody who adds the bias of the batch's number.
# told: wrong values
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            y[n, o, i, j] += (
                padded[n, first + c, i * sH + a * dH, j * sW + b * dW]
                * weight[o, c, a, b]
            )
        if bias is not None:
            y[n, o, i, j] += bias[n]
    return y


# Somebody who exchanges stride and dilation in the index.
# told: raised: An index points past the end. Counting starts
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            y[n, o, i, j] += (
                padded[n, first + c, i * dH + a * sH, j * dW + b * sW]
                * weight[o, c, a, b]
            )
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


# Somebody who forgets to pad, but counts the places with padding.
# told: raised: An index points past the end. Counting starts
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            y[n, o, i, j] += (
                x[n, first + c, i * sH + a * dH, j * sW + b * dW] * weight[o, c, a, b]
            )
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


# Somebody who returns inside the loop.
# told: returned within the loop
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            y[n, o, i, j] += (
                padded[n, first + c, i * sH + a * dH, j * sW + b * dW]
                * weight[o, c, a, b]
            )
        if bias is not None:
            y[n, o, i, j] += bias[o]
        return y


# Somebody who finds the group by the channels of the input, not by the outputs.
# told: raised: An index points past the end. Counting starts
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    each = x.shape[1] // groups
    for n, o, i, j in np.ndindex(y.shape):
        first = o // each * each
        for c, a, b in np.ndindex(weight.shape[1:]):
            y[n, o, i, j] += (
                padded[n, first + c, i * sH + a * dH, j * sW + b * dW]
                * weight[o, c, a, b]
            )
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


# Somebody who cuts windows out by slices, and forgets the holes in the kernel.
# told: dilation missing from the index
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    y = np.zeros((len(x), len(weight), *size), x.dtype)
    padded = pad(x, padding)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (len(weight) // groups) * weight.shape[1]
        window = padded[
            n,
            first : first + weight.shape[1],
            i * sH : i * sH + weight.shape[2],
            j * sW : j * sW + weight.shape[3],
        ]
        y[n, o, i, j] = (window * weight[o]).sum()
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


# Somebody who asks torch.
# told: wrong type
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return F.conv2d(
        torch.from_numpy(x),
        torch.from_numpy(weight),
        None if bias is None else torch.from_numpy(bias),
        stride,
        padding,
        dilation,
        groups,
    )


# passes
@exercise("07.conv2d_loops")
def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (dH, dW) = pair(stride), pair(dilation)
    C_out, each, kH, kW = weight.shape
    H_out, W_out = output_size(x.shape[2:], (kH, kW), stride, padding, dilation)
    padded = pad(x, padding)
    y = np.zeros((len(x), C_out, H_out, W_out), x.dtype)
    for o in range(C_out):
        first = o // (C_out // groups) * each
        for a in range(kH):
            for b in range(kW):
                rows = slice(a * dH, a * dH + sH * (H_out - 1) + 1, sH)
                columns = slice(b * dW, b * dW + sW * (W_out - 1) + 1, sW)
                part = padded[:, first : first + each, rows, columns]
                y[:, o] += np.einsum("nchw,c->nhw", part, weight[o, :, a, b])
        y[:, o] += 0 if bias is None else bias[o]
    return y


# 07.conv2d


# Somebody who reshapes the weights with the groups last.
# told: kernels dealt out in turn
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = (stride, padding, dilation)
    H_out, W_out = output_size(x.shape[2:], weight.shape[2:], *settings)
    rows = weight.reshape(len(weight) // groups, groups, -1).swapaxes(0, 1)
    parts = [
        rows @ columns
        for _, columns in column_blocks(x, weight.shape[2:], groups, *settings)
    ]
    y = np.concatenate(parts).reshape(len(x), len(weight), H_out, W_out)
    return y if bias is None else y + bias[:, None, None]


# Somebody who collects the blocks' columns, and multiplies afterwards.
# told: columns kept for later
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = (stride, padding, dilation)
    H_out, W_out = output_size(x.shape[2:], weight.shape[2:], *settings)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    columns = [
        columns for _, columns in column_blocks(x, weight.shape[2:], groups, *settings)
    ]
    y = np.concatenate([rows @ c for c in columns]).reshape(
        len(x), len(weight), H_out, W_out
    )
    return y if bias is None else y + bias[:, None, None]


# Somebody who passes the settings on in the order of conv2d's arguments.
# told: raised
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    H_out, W_out = output_size(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    y = np.empty((len(x), groups, len(weight) // groups, H_out * W_out))
    for block, columns in column_blocks(
        x, weight.shape[2:], stride, padding, dilation, groups
    ):
        y[block] = rows @ columns
    y = y.reshape(len(x), len(weight), H_out, W_out)
    return y if bias is None else y + bias[:, None, None]


# Somebody who adds the bias inside the loop, on the wrong axis.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = (stride, padding, dilation)
    H_out, W_out = output_size(x.shape[2:], weight.shape[2:], *settings)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    y = np.empty((len(x), groups, len(weight) // groups, H_out * W_out))
    for block, columns in column_blocks(x, weight.shape[2:], groups, *settings):
        y[block] = rows @ columns
        if bias is not None:
            y[block] += bias
    return y.reshape(len(x), len(weight), H_out, W_out)


# Somebody who fills the first block over and over.
# told: wrong values
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = (stride, padding, dilation)
    H_out, W_out = output_size(x.shape[2:], weight.shape[2:], *settings)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    y = np.zeros((len(x), groups, len(weight) // groups, H_out * W_out))
    for block, columns in column_blocks(x, weight.shape[2:], groups, *settings):
        y[: len(columns)] = rows @ columns
    y = y.reshape(len(x), len(weight), H_out, W_out)
    return y if bias is None else y + bias[:, None, None]


# Somebody who returns after the first block.
# told: only the first block
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = (stride, padding, dilation)
    H_out, W_out = output_size(x.shape[2:], weight.shape[2:], *settings)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    for block, columns in column_blocks(x, weight.shape[2:], groups, *settings):
        y = (rows @ columns).reshape(-1, len(weight), H_out, W_out)
        return y if bias is None else y + bias[:, None, None]


# Somebody who exchanges rows and columns of the output.
# told: wrong shape
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    settings = (stride, padding, dilation)
    W_out, H_out = output_size(x.shape[2:], weight.shape[2:], *settings)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    y = np.empty((len(x), groups, len(weight) // groups, H_out * W_out))
    for block, columns in column_blocks(x, weight.shape[2:], groups, *settings):
        y[block] = rows @ columns
    y = y.reshape(len(x), len(weight), H_out, W_out)
    return y if bias is None else y + bias[:, None, None]


# passes
@exercise("07.conv2d")
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
    N, C, kH, kW, H_out, W_out = view.shape
    view = view.reshape(N, groups, C // groups, kH, kW, H_out, W_out)
    split = weight.reshape(groups, len(weight) // groups, *weight.shape[1:])
    y = np.einsum("gocab,ngcabhw->ngohw", split, view, optimize=True)
    y = y.reshape(N, len(weight), H_out, W_out)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


# 07.fold


# Somebody who puts the windows back one by one, and forgets the dilation's gaps.
# told: dilation ignored
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW, H_out, W_out = dwindows.shape
    (sH, sW), (pH, pW), (H, W) = pair(stride), pair(padding), size
    out = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    for i in range(H_out):
        for j in range(W_out):
            out[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW] += dwindows[..., i, j]
    return out[:, :, pH : pH + H, pW : pW + W]


# Somebody who adds the padding once.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pH, pW) = size, pair(padding)
    dpadded = np.zeros((N, C, H + pH, W + pW), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
    return dpadded[:, :, pH : pH + H, pW : pW + W]


# Somebody who writes into a copy.
# told: nothing arrived
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pH, pW) = size, pair(padding)
    dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation, writeable=True).copy()
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
    return dpadded[:, :, pH : pH + H, pW : pW + W]


# Somebody who forgets writeable=True.
# told: raised: This array may be read and not written into,
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pH, pW) = size, pair(padding)
    dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
    return dpadded[:, :, pH : pH + H, pW : pW + W]


# Somebody who takes size for that of the padded picture.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pH, pW) = size, pair(padding)
    dpadded = np.zeros((N, C, H, W), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
    return dpadded[:, :, pH : H - pH, pW : W - pW]


# Somebody who exchanges the padding of rows and columns.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pW, pH) = size, pair(padding)
    dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
    return dpadded[:, :, pH : pH + H, pW : pW + W]


# Somebody who returns inside the loop.
# told: only the first weight
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW = dwindows.shape[:4]
    (H, W), (pH, pW) = size, pair(padding)
    dpadded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    view = windows(dpadded, (kH, kW), stride, dilation, writeable=True)
    for a, b in np.ndindex(kH, kW):
        view[:, :, a, b] += dwindows[:, :, a, b]
        return dpadded[:, :, pH : pH + H, pW : pW + W]


# passes
@exercise("07.fold")
def fold(dwindows, size, stride=1, padding=0, dilation=1):
    N, C, kH, kW, H_out, W_out = dwindows.shape
    (sH, sW), (pH, pW), (dH, dW), (H, W) = (
        pair(stride),
        pair(padding),
        pair(dilation),
        size,
    )
    out = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dwindows.dtype)
    rows = sH * np.arange(H_out) + dH * np.arange(kH)[:, None]
    columns = sW * np.arange(W_out) + dW * np.arange(kW)[:, None]
    where = rows[:, None, :, None], columns[None, :, None, :]
    np.add.at(out, (slice(None), slice(None), *where), dwindows)
    return out[:, :, pH:, pW:][:, :, :H, :W]


# 07.conv2d_backward


# Somebody who forgets the batch's sum for dweight, and adds bias along everything.
# told: wrong type
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
        dwindows = (rows.swapaxes(1, 2) @ dout).reshape(
            -1, x.shape[1], *kernel_size, *dy.shape[2:]
        )
        dx[block] = fold(dwindows, x.shape[2:], *settings)
    return dx, drows.reshape(weight.shape), dy.sum()


# Somebody who overwrites the columns before they have served.
# told: columns overwritten too early
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        np.matmul(rows.swapaxes(1, 2), dout, out=columns)
        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
        dwindows = columns.reshape(-1, x.shape[1], *kernel_size, *dy.shape[2:])
        dx[block] = fold(dwindows, x.shape[2:], *settings)
    return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))


# Somebody who forgets the transposes.
# told: raised: In `a @ b`, a's columns must be as many as
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        drows += (dout @ columns).sum(axis=0)
        dwindows = (rows @ dout).reshape(-1, x.shape[1], *kernel_size, *dy.shape[2:])
        dx[block] = fold(dwindows, x.shape[2:], *settings)
    return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))


# Somebody who returns the gradients in another order.
# told: wrong shape: another order
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
        dwindows = (rows.swapaxes(1, 2) @ dout).reshape(
            -1, x.shape[1], *kernel_size, *dy.shape[2:]
        )
        dx[block] = fold(dwindows, x.shape[2:], *settings)
    return drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3)), dx


# Somebody who gives dweight the shape of the rows.
# told: wrong shape
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
        dwindows = (rows.swapaxes(1, 2) @ dout).reshape(
            -1, x.shape[1], *kernel_size, *dy.shape[2:]
        )
        dx[block] = fold(dwindows, x.shape[2:], *settings)
    return dx, drows, dy.sum(axis=(0, 2, 3))


# Somebody who forgets to pass the settings to fold.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    kernel_size, settings = weight.shape[2:], (stride, padding, dilation)
    rows = weight.reshape(groups, len(weight) // groups, -1)
    dx, drows = np.empty_like(x), np.zeros_like(rows)
    for block, columns in column_blocks(x, kernel_size, groups, *settings):
        dout = dy[block].reshape(len(columns), *rows.shape[:2], -1)
        drows += (dout @ columns.swapaxes(2, 3)).sum(axis=0)
        dwindows = (rows.swapaxes(1, 2) @ dout).reshape(
            -1, x.shape[1], *kernel_size, *dy.shape[2:]
        )
        dx[block] = fold(dwindows, x.shape[2:])
    return dx, drows.reshape(weight.shape), dy.sum(axis=(0, 2, 3))


# passes
@exercise("07.conv2d_backward")
def conv2d_backward(dy, x, weight, stride=1, padding=0, dilation=1, groups=1):
    view = windows(pad(x, padding), weight.shape[2:], stride, dilation)
    N, C, kH, kW, H_out, W_out = view.shape
    view = view.reshape(N, groups, C // groups, kH, kW, H_out, W_out)
    dout = dy.reshape(N, groups, -1, H_out, W_out)
    split = weight.reshape(groups, -1, *weight.shape[1:])
    dweight = np.einsum("ngohw,ngcabhw->gocab", dout, view, optimize=True)
    dview = np.einsum("ngohw,gocab->ngcabhw", dout, split, optimize=True)
    dx = fold(
        dview.reshape(N, C, kH, kW, H_out, W_out),
        x.shape[2:],
        stride,
        padding,
        dilation,
    )
    return dx, dweight.reshape(weight.shape), np.einsum("nohw->o", dy)


# 07.max_pool2d_backward


# Somebody who goes through the output with loops, and takes the stride for the kernel.
# told: wrong values
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(kernel_size)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        if window.size:
            a, b = np.unravel_index(window.argmax(), window.shape)
            dx[n, c, i * sH + a, j * sW + b] += dy[n, c, i, j]
    return dx


# Somebody who forgets that the stride may be None.
# told: raised: Something here is None. The usual reason is a
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(stride)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        a, b = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * sH + a, j * sW + b] += dy[n, c, i, j]
    return dx


# Somebody who compares with the largest by value in the whole picture.
# told: wrong values
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        dx[n, c][x[n, c] == window.max()] += dy[n, c, i, j]
    return dx


# Somebody who mixes up row and column of the place.
# told: wrong values
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        b, a = divmod(window.argmax(), kW)
        dx[n, c, min(i * sH + a, x.shape[2] - 1), min(j * sW + b, x.shape[3] - 1)] += (
            dy[n, c, i, j]
        )
    return dx


# Somebody who adds the place without the window's corner.
# told: wrong values
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        a, b = divmod(window.argmax(), kW)
        dx[n, c, a, b] += dy[n, c, i, j]
    return dx


# Somebody who looks for the smallest.
# told: wrong values
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        a, b = divmod(window.argmin(), kW)
        dx[n, c, i * sH + a, j * sW + b] += dy[n, c, i, j]
    return dx


# passes
@exercise("07.max_pool2d_backward")
def max_pool2d_backward(dy, x, kernel_size, stride=None):
    (kH, kW), (sH, sW) = pair(kernel_size), pair(stride or kernel_size)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        a, b = divmod(window.argmax(), kW)
        dx[n, c, i * sH + a, j * sW + b] += dy[n, c, i, j]
    return dx


# 07.batch_norm_backward


# Somebody who forgets eps.
# told: eps left out
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dx_hat = dy * weight[:, None, None]
    if training:
        dx_hat = (
            dx_hat
            - dx_hat.mean(axes, keepdims=True)
            - x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
        )
    return dx_hat / std, (dy * x_hat).sum(axes), dy.sum(axes)


# Somebody who adds the paths where they are subtracted.
# told: wrong values
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dx_hat = dy * weight[:, None, None]
    if training:
        dx_hat = (
            dx_hat
            + dx_hat.mean(axes, keepdims=True)
            + x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
        )
    return dx_hat / std, (dy * x_hat).sum(axes), dy.sum(axes)


# Somebody who exchanges the gradients of weight and bias.
# told: wrong values: another order
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dx_hat = dy * weight[:, None, None]
    if training:
        dx_hat = (
            dx_hat
            - dx_hat.mean(axes, keepdims=True)
            - x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
        )
    return dx_hat / std, dy.sum(axes), (dy * x_hat).sum(axes)


# Somebody who averages the gradients of weight and bias.
# told: wrong values
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dx_hat = dy * weight[:, None, None]
    if training:
        dx_hat = (
            dx_hat
            - dx_hat.mean(axes, keepdims=True)
            - x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
        )
    return dx_hat / std, (dy * x_hat).mean(axes), dy.mean(axes)


# Somebody who divides by nothing at the end.
# told: not divided by the deviation
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dx_hat = dy * weight[:, None, None]
    if training:
        dx_hat = (
            dx_hat
            - dx_hat.mean(axes, keepdims=True)
            - x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
        )
    return dx_hat, (dy * x_hat).sum(axes), dy.sum(axes)


# Somebody who averages over the batch alone, as in BatchNorm1d.
# told: wrong values
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dx_hat = dy * weight[:, None, None]
    if training:
        dx_hat = dx_hat - dx_hat.mean(0) - x_hat * (dx_hat * x_hat).mean(0)
    return dx_hat / std, (dy * x_hat).sum(axes), dy.sum(axes)


# Somebody who changes dy on the way.
# told: changed inputs
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dweight, dbias = (dy * x_hat).sum(axes), dy.sum(axes)
    dy *= weight[:, None, None]
    if training:
        dy -= dy.mean(axes, keepdims=True) + x_hat * (dy * x_hat).mean(
            axes, keepdims=True
        )
    return dy / std, dweight, dbias


# Somebody who forgets the axes of the weight.
# told: raised: These shapes can't stand side by side. Read
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    x_hat = (x - mean) / np.sqrt(var + eps)
    return dy * weight / np.sqrt(var + eps), (dy * x_hat).sum(axes), dy.sum(axes)


# passes
@exercise("07.batch_norm_backward")
def batch_norm_backward(dy, x, weight, mean, var, training=True, eps=1e-5):
    axes = (0, 2, 3)
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
    std = np.sqrt(var + eps)[:, None, None]
    x_hat = (x - mean[:, None, None]) / std
    dweight, dbias = (dy * x_hat).sum(axes), dy.sum(axes)
    m = x.size // x.shape[1]
    w = weight[:, None, None]
    if not training:
        return dy * w / std, dweight, dbias
    dx = (
        w / (m * std) * (m * dy - dbias[:, None, None] - x_hat * dweight[:, None, None])
    )
    return dx, dweight, dbias


# 07.bce_with_logits


# Somebody who uses logaddexp, which never overflows, and adds where it is minus.
# told: wrong values
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    loss = np.logaddexp(0, logits) + logits * targets
    p = np.exp(-np.logaddexp(0, -logits))
    return loss.mean(), (p - targets) / len(logits)


# Somebody who returns one loss for each.
# told: wrong shape
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    loss = np.logaddexp(0, logits) - logits * targets
    p = np.exp(-np.logaddexp(0, -logits))
    return loss, (p - targets) / len(logits)


# Somebody who clips the logits.
# told: wrong values
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    z = np.clip(logits, -50, 50)
    loss = np.log(1 + np.exp(z)) - z * targets
    p = 1 / (1 + np.exp(-z))
    return loss.mean(), (p - targets) / len(logits)


# Somebody who takes logits for probabilities.
# told: wrong values
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    p = np.clip(logits, 1e-12, 1 - 1e-12)
    loss = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
    return loss.mean(), (p - targets) / len(logits)


# Somebody who forgets half of the formula.
# told: only the ones count
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    loss = targets * np.logaddexp(0, -logits)
    p = np.exp(-np.logaddexp(0, -logits))
    return loss.mean(), (p - targets) / len(logits)


# Somebody who leaves the size of the logit out of the exponent.
# told: size left out of the exponent
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    loss = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-logits))
    p = np.exp(-np.logaddexp(0, -logits))
    return loss.mean(), (p - targets) / len(logits)


# Somebody who returns the gradient first.
# told: wrong type: another order
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    loss = np.logaddexp(0, logits) - logits * targets
    p = np.exp(-np.logaddexp(0, -logits))
    return (p - targets) / len(logits), loss.mean()


# Somebody who measures in bits.
# told: wrong values
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    loss = np.logaddexp(0, logits) - logits * targets
    p = np.exp(-np.logaddexp(0, -logits))
    return loss.mean() / np.log(2), (p - targets) / len(logits)


# passes
@exercise("07.bce_with_logits")
def bce_with_logits(logits, targets):
    signed = np.where(targets == 1, -logits, logits)
    loss = np.logaddexp(0, signed).mean()
    p = 0.5 * (1 + np.tanh(logits / 2))
    return loss, (p - targets) / len(targets)
