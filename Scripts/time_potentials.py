"""Times energies and forces by potentials of other programs on the structures of a file, to be set beside `benchmarks molecules --model M --structures FILE`.

  python Scripts/time_potentials.py sevenn SevenNet-0 structures.xyz
  python Scripts/time_potentials.py nequix nequix-mp-1.nqx structures.xyz
  python Scripts/time_potentials.py mace model.model structures.xyz [float32|float64]
  python Scripts/time_potentials.py symmetrix model.json structures.xyz [float32|float64]

Needs ase and the package of the potential. OMP_NUM_THREADS says how many threads torch uses; JAX uses all processors that the process may run on
(taskset). Lists of neighbours are included. Prints one JSON line a structure, with the median and the minimum of the runs.
"""
import json
import os
import sys
import time

import numpy as np
from ase.io import read

engine, model, path = sys.argv[1:4]
precision = sys.argv[4] if len(sys.argv) > 4 else "float32"
started = time.perf_counter()
if engine in ("sevenn", "mace"):
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
if engine == "sevenn":
    from sevenn.calculator import SevenNetCalculator

    calculator = SevenNetCalculator(model, device="cpu")
elif engine == "nequix":
    from nequix.calculator import NequixCalculator

    calculator = NequixCalculator(model_path=model, backend="jax", use_kernel=False)
elif engine == "mace":
    from mace.calculators import MACECalculator

    calculator = MACECalculator(model_paths=model, device="cpu", default_dtype=precision)
elif engine == "symmetrix":
    from symmetrix import Symmetrix

    calculator = Symmetrix(model, dtype=precision)
else:
    raise SystemExit(f"there is no engine {engine}: sevenn, nequix, mace or symmetrix")
load = time.perf_counter() - started

generator = np.random.default_rng(0)
for number, atoms in enumerate(read(path, ":")):
    if engine == "symmetrix" and not atoms.cell.rank:
        atoms.center(vacuum=8.0)
    atoms.calc = calculator
    begin = time.perf_counter()
    energy, forces = atoms.get_potential_energy(), atoms.get_forces()
    first, times = time.perf_counter() - begin, []
    while len(times) < (3 if first < 2 else 1) or (len(times) < 9 and sum(times) < 2):
        # Moved a little, so that nothing is kept; put back, so that all runs see nearly the same structure.
        shift = generator.normal(0, 1e-3, atoms.positions.shape)
        atoms.positions += shift
        begin = time.perf_counter()
        atoms.get_potential_energy(), atoms.get_forces()
        times.append(time.perf_counter() - begin)
        atoms.positions -= shift
    print(json.dumps(dict(
        name=f"{engine}/energy_forces", params=dict(model=os.path.basename(model), system=f"{number}-{atoms.get_chemical_formula()}-{len(atoms)}"),
        seconds=sorted(times)[len(times) // 2], min=min(times), runs=len(times), first=first, load=load, energy=float(energy),
        max_force=float(abs(forces).max()))), flush=True)
