"""Fits the coefficients of `crates/kernel/src/damped.rs` and prints them.

The Gaussian exp(-t^2/2) and its first two derivatives, t >= 0, become sums of three damped
oscillations. Variable projection with reweighting towards the least maximal error; the
coefficients obey, through heavy rows of the linear system, what a sampled kernel needs: exact
integrals (constants, slopes, parabolas pass rightly) and the right slope or value at 0.

    python recursive_gaussian.py
"""

import numpy as np
from scipy.optimize import least_squares

T = np.arange(0, 12, 0.01)
TARGETS = [np.exp(-T * T / 2), -T * np.exp(-T * T / 2), (T * T - 1) * np.exp(-T * T / 2)]
HALF_AREA = np.sqrt(np.pi / 2)
PAIRS = 3


def constraints(shape, order):
    """Rows and right-hand sides: integrals of t^n times the kernel, its value and slope at 0."""
    value, slope, moments = [], [], [[], [], []]
    for damping, frequency in shape.reshape(-1, 2):
        value += [1, 0]
        slope += [-damping, frequency]
        z = 1 / (damping - 1j * frequency)
        for moment, term in zip(moments, [z, z**2, 2 * z**3]):
            moment += [term.real, term.imag]
    rows = [
        ([moments[0], slope, moments[2]], [HALF_AREA, 0, HALF_AREA]),
        ([value, moments[1]], [0, -HALF_AREA]),
        ([moments[0], slope, moments[2]], [0, 0, 2 * HALF_AREA]),
    ][order]
    return np.array(rows[0], float), np.array(rows[1], float)


def solve(shape, order, weight):
    columns = []
    for damping, frequency in shape.reshape(-1, 2):
        decay = np.exp(-damping * T)
        columns += [decay * np.cos(frequency * T), decay * np.sin(frequency * T)]
    basis = np.array(columns).T
    rows, right = constraints(shape, order)
    system = np.vstack([basis * weight[:, None], 1e4 * rows])
    wanted = np.concatenate([TARGETS[order] * weight, 1e4 * right])
    linear = np.linalg.lstsq(system, wanted, rcond=None)[0]
    return linear, basis @ linear - TARGETS[order]


def fit(order, seed):
    rng = np.random.default_rng(seed)
    shape = np.column_stack([rng.uniform(1, 3, PAIRS), rng.uniform(0.3, 4, PAIRS)]).ravel()
    weight, best = np.ones_like(T), (np.inf, None, None)
    for round_ in range(40):
        steps = 200 if round_ == 0 else 30
        found = least_squares(
            lambda s: weight * solve(s, order, weight)[1], shape, method="lm", max_nfev=steps
        )
        shape = found.x
        linear, error = solve(shape, order, weight)
        worst = np.abs(error).max()
        if worst < best[0]:
            best = (worst, shape.copy(), linear)
        if worst > 0.05:
            break
        weight = weight * (0.3 + np.abs(error) / worst) ** 0.5
        weight /= weight.mean()
    return best


for order in range(3):
    worst, shape, linear = min((fit(order, seed) for seed in range(12)), key=lambda b: b[0])
    print(f"order {order}: largest error {worst / np.abs(TARGETS[order]).max():.2e} of the peak")
    rows = np.column_stack([shape.reshape(-1, 2), linear.reshape(-1, 2)])
    for damping, frequency, cosine, sine in rows[np.argsort(np.abs(rows[:, 1]))]:
        sign = np.sign(frequency)
        print(f"[{damping:.12}, {sign * frequency:.12}, {cosine:.12}, {sign * sine:.12}],")
