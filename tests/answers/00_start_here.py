# 00.relu

# Somebody who takes np.max for np.maximum; its second argument is an axis.
# told: np.max for np.maximum
@exercise("00.relu")
def relu(x):
    return np.max(x, 0)


# Somebody who drops the negative numbers, places and all.
# told: negative numbers left out
@exercise("00.relu")
def relu(x):
    return x[x > 0]


# Somebody who thinks in Python's numbers.
# told: raised: An `if`, an `and` or Python's own `max`
@exercise("00.relu")
def relu(x):
    return max(0, x)


# Somebody who thinks of one number, as the formula is written.
# told: raised: An `if`
@exercise("00.relu")
def relu(x):
    if x > 0:
        return x
    return 0


# Somebody who loops over a list, and has only ever met lists of numbers.
# told: raised: An `if`, an `and` or Python's own `max`
@exercise("00.relu")
def relu(x):
    return [max(0, value) for value in x]


# Somebody who builds ReLU from the absolute value and forgets to halve.
# told: wrong values: right except for a factor of 2
@exercise("00.relu")
def relu(x):
    return x + np.abs(x)


# A language model that remembers ReLU6.
# told: wrong values
@exercise("00.relu")
def relu(x):
    return np.clip(x, 0, 6)


# Somebody who clips to what a picture's bytes can hold.
# told: wrong values
@exercise("00.relu")
def relu(x):
    return np.clip(x, 0, 255)


# Another activation function, mixed up.
# told: wrong values
@exercise("00.relu")
def relu(x):
    return 1 / (1 + np.exp(-x))


# Somebody who multiplies by the mask, in place.
# told: input changed in place
@exercise("00.relu")
def relu(x):
    x *= x > 0
    return x


# Somebody who forgets that a copy of the name is no copy of the array.
# told: input changed in place
@exercise("00.relu")
def relu(x):
    result = x
    result[result < 0] = 0
    return result


# Somebody who prints where a result is to be returned.
# told: returned nothing
@exercise("00.relu")
def relu(x):
    print(np.maximum(x, 0))


# passes
@exercise("00.relu")
def relu(x):
    return (x + np.abs(x)) / 2


# passes
@exercise("00.relu")
def relu(x):
    return np.heaviside(x, 0) * x


# passes
@exercise("00.relu")
def relu(x):
    result = x.copy()
    result[result < 0] = 0
    return result


# passes
@exercise("00.relu")
def relu(x):
    return np.array([max(0.0, v) for v in x.flat]).reshape(x.shape)


# 00.predict_axis


# Somebody who takes the first column for the answer.
# told: first column
@exercise("00.predict_axis")
def predict_axis():
    return [1, 10, 100]


# Somebody who adds up everything, and writes a single number.
# told: one sum for everything
@exercise("00.predict_axis")
def predict_axis():
    return 666


# Somebody who counts three numbers in each column.
# told: wrong values
@exercise("00.predict_axis")
def predict_axis():
    return [3, 3, 3]


# Somebody who takes the diagonal.
# told: wrong values
@exercise("00.predict_axis")
def predict_axis():
    return [1, 20, 300]


# Somebody who sums the rows, and stacks the sums in a column.
# told: wrong type
@exercise("00.predict_axis")
def predict_axis():
    return [[6], [60], [600]]


# Somebody who multiplies on the way down.
# told: wrong values
@exercise("00.predict_axis")
def predict_axis():
    return [1000, 8000, 27000]


# Somebody who keeps the sum in a row of its own.
# told: wrong type
@exercise("00.predict_axis")
def predict_axis():
    return [[111, 222, 333]]


# Somebody who writes the numbers down as a sentence.
# told: wrong type
@exercise("00.predict_axis")
def predict_axis():
    return "111, 222, 333"


# passes
@exercise("00.predict_axis")
def predict_axis():
    return 111, 222, 333


# passes
@exercise("00.predict_axis")
def predict_axis():
    return np.outer([1, 10, 100], [1, 2, 3]).sum(0)
