"""Makes a .model file of mace-torch with the usual shape and random weights in single precision, or takes one, converts it by
Scripts/convert_potential.py, and writes what mace-torch says of a crystal of silicon with it, in single and in double precision.

  python mace_torch_model.py FOLDER 128x0e+128x1o [MODEL]      writes FOLDER/model.safetensors and FOLDER/reference.npz"""
import os
import subprocess
import sys

import numpy as np
import torch
from ase.build import bulk
from e3nn import o3
from mace import data, modules, tools

folder, hidden = sys.argv[1:3]
blocks = modules.interaction_classes
if len(sys.argv) > 3:
    path = sys.argv[3]
else:
    torch.manual_seed(0)
    path = folder + '/model.model'
    model = modules.ScaleShiftMACE(
        r_max=5.0, num_bessel=8, num_polynomial_cutoff=5, max_ell=3, interaction_cls_first=blocks['RealAgnosticInteractionBlock'],
        interaction_cls=blocks['RealAgnosticResidualInteractionBlock'], num_interactions=2, num_elements=4, hidden_irreps=o3.Irreps(hidden),
        MLP_irreps=o3.Irreps('16x0e'), gate=torch.nn.functional.silu, atomic_energies=np.zeros(4), avg_num_neighbors=20.0,
        atomic_numbers=[1, 6, 8, 14], correlation=3, radial_type='bessel', atomic_inter_scale=1.0, atomic_inter_shift=0.0, heads=['Default'])
    torch.save(model, path)
script = os.path.dirname(os.path.abspath(__file__)) + '/../../../Scripts/convert_potential.py'
subprocess.run([sys.executable, script, path, folder + '/model.safetensors'], check=True)

atoms = bulk('Si', 'diamond', a=5.43, cubic=True)
atoms.rattle(0.1, seed=1)
atoms.numbers[[1, 4]] = [8, 1]
result = dict(z=atoms.numbers, pos=atoms.positions, cell=atoms.cell.array)
for name, dtype in [('f32', torch.float32), ('f64', torch.float64)]:
    torch.set_default_dtype(dtype)
    model = torch.load(path, map_location='cpu', weights_only=False).to(dtype)
    table = tools.AtomicNumberTable([int(z) for z in model.atomic_numbers])
    batch = tools.torch_geometric.Batch.from_data_list(
        [data.AtomicData.from_config(data.config_from_atoms(atoms), z_table=table, cutoff=float(model.r_max), heads=['Default'])])
    out = model(batch.to_dict(), compute_stress=True)
    for key in ['energy', 'node_energy', 'forces', 'stress']:
        result[f'{key}_{name}'] = out[key].detach().numpy()
np.savez(folder + '/reference.npz', **result)
