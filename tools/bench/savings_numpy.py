"""The peer of estimate.BenchmarkPlain1e6: the same twelve inputs, the same
formula and a million draws, with numpy's own generator on one thread. Prints
the fastest of five in milliseconds."""
import time

import numpy as np

N, Z95 = 1_000_000, 1.6448536269514722


def pert(r, a, m, b):
    return a + (b - a) * r.beta(1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a), N)


def span(r, a, b):
    return r.lognormal((np.log(a) + np.log(b)) / 2, (np.log(b) - np.log(a)) / (2 * Z95), N)


def once(seed):
    r = np.random.default_rng(seed)
    people, effect, salary = pert(r, 20, 40, 80), pert(r, -0.02, 0.01, 0.05), span(r, 28000, 52000)
    share, desk = pert(r, 0, 0.1, 0.5), span(r, 2000, 9000)
    leave, cut, replace = pert(r, 0.05, 0.12, 0.25), pert(r, 0, 0.15, 0.35), pert(r, 0.16, 0.21, 0.5)
    day, days, it, setup = span(r, 2, 12), pert(r, 40, 46, 90), span(r, 150, 600), span(r, 200, 900)
    y = people * salary * effect + people * share * desk + people * leave * cut * replace * salary + people * days * day - people * (it + setup)
    return y.mean(), np.quantile(y, [.05, .1, .25, .5, .75, .9, .95]), (y < 0).mean()


best = None
for seed in range(5):
    start = time.perf_counter()
    once(seed)
    took = time.perf_counter() - start
    best = took if best is None else min(best, took)
print(f"{best * 1000:.1f}")
