"""Writes mace_random_*.npz: small MACE networks of random weights, and what mace-torch 0.3.16 (e3nn 0.4.4, torch 2.14.1) says of two structures
with them in double: energy, energy of each atom, forces, stress. The options are JSON in the entry `options`, as bytes."""
import importlib.util
import json
import os
import sys

import numpy as np
import torch
from ase import Atoms
from e3nn import o3
from mace import data, modules, tools

folder = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('convert_potential', folder + '/../../../Scripts/convert_potential.py')
convert = importlib.util.module_from_spec(spec)
spec.loader.exec_module(convert)

torch.set_default_dtype(torch.float64)
blocks = modules.interaction_classes
rng = np.random.default_rng(5)

CASES = {
    # Two heads, repulsion, transformed lengths, vectors.
    'heads': dict(
        max_ell=2, hidden_irreps='3x0e+3x1o', correlation=3, num_interactions=2, interaction_cls_first='RealAgnosticInteractionBlock',
        interaction_cls='RealAgnosticResidualInteractionBlock', pair_repulsion=True, distance_transform='Agnesi', heads=['a', 'b']),
    # Three layers with densities, features of degree 2, Gaussians, the envelope on the weights.
    'density': dict(
        max_ell=2, hidden_irreps='2x0e+2x1o+2x2e', correlation=2, num_interactions=3,
        interaction_cls_first='RealAgnosticDensityInteractionBlock', interaction_cls='RealAgnosticDensityResidualInteractionBlock',
        radial_type='gaussian', apply_cutoff=False),
    # Residual from the first layer on, harmonics of degree 3.
    'degree3': dict(
        max_ell=3, hidden_irreps='2x0e+2x1o', correlation=3, num_interactions=2,
        interaction_cls_first='RealAgnosticResidualInteractionBlock', interaction_cls='RealAgnosticResidualInteractionBlock'),
    # Four factors, one layer.
    'four': dict(
        max_ell=1, hidden_irreps='2x0e', correlation=4, num_interactions=1, interaction_cls_first='RealAgnosticResidualInteractionBlock',
        interaction_cls='RealAgnosticResidualInteractionBlock'),
}


def structures():
    crystal = Atoms(
        numbers=[14, 8, 1, 14], scaled_positions=rng.uniform(size=(4, 3)) * 0.2 + [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
        cell=[[3.9, 0.2, 0], [0.1, 4.1, 0.3], [0, -0.2, 4.3]], pbc=True)
    molecule = Atoms(numbers=[8, 1, 1, 14, 1], positions=rng.normal(size=(5, 3)) * 0.3 + [[0, 0, 0], [1, 0, 0], [0, 1.1, 0], [0, 0, 1.8], [1, 1, 1]])
    return [crystal, molecule]


def make(name, options):
    torch.manual_seed(3)
    options = dict(options)
    for key in ('interaction_cls', 'interaction_cls_first'):
        options[key] = blocks[options[key]]
    heads = options.get('heads', ['Default'])
    options['hidden_irreps'] = o3.Irreps(options['hidden_irreps'])
    energies = rng.normal(size=(len(heads), 3))
    several = len(heads) > 1
    model = modules.ScaleShiftMACE(
        r_max=3.5, num_bessel=5, num_polynomial_cutoff=5, num_elements=3, MLP_irreps=o3.Irreps('4x0e'), gate=torch.nn.functional.silu,
        atomic_energies=energies if several else energies[0], avg_num_neighbors=7.5, atomic_numbers=[1, 8, 14], radial_MLP=[6, 7],
        atomic_inter_scale=[0.8, 1.3] if several else 0.8, atomic_inter_shift=[0.1, -0.2] if several else 0.1, **options)
    # Larger products than the initial weights give, so that all paths count.
    for key, parameter in model.named_parameters():
        if 'contractions' in key:
            parameter.data *= 3
    _, stored, arrays = convert.mace(model)
    arrays = {key: value for key, value in arrays.items() if value.size and 'output_mask' not in key and '_w3j' not in key}
    result = {'options': np.frombuffer(json.dumps(convert.jsonable(stored)).encode(), dtype=np.uint8)}
    result.update({'weights/' + key: value for key, value in arrays.items()})
    table = tools.AtomicNumberTable([1, 8, 14])
    for number, atoms in enumerate(structures()):
        if not atoms.pbc.any():
            atoms.cell = np.eye(3) * 100
        for head in range(len(heads)):
            config = data.config_from_atoms(atoms, head_name=heads[head])
            batch = tools.torch_geometric.Batch.from_data_list([data.AtomicData.from_config(config, z_table=table, cutoff=3.5, heads=heads)])
            out = model(batch.to_dict(), compute_stress=True)
            key = f's{number}_h{head}_'
            result[key + 'energy'] = out['energy'].detach().numpy()
            result[key + 'node_energy'] = out['node_energy'].detach().numpy()
            result[key + 'forces'] = out['forces'].detach().numpy()
            if atoms.pbc.any():
                result[key + 'stress'] = out['stress'].detach().numpy()[0]
        result[f's{number}_z'], result[f's{number}_pos'] = atoms.numbers, atoms.positions
        if atoms.pbc.any():
            result[f's{number}_cell'] = atoms.cell.array
    np.savez_compressed(f'{folder}/mace_random_{name}.npz', **result)


for name in sys.argv[1:] or CASES:
    make(name, CASES[name])
