"""Writes schnet_random.npz: a small SchNet of random weights and what SchNetPack 2.1.1 (torch 2.14.1) says of a molecule with it in double:
features of the atoms, energy (by a read-out with SiLU, as its Atomwise has by default) and forces.

  python schnet_random.py FOLDER      with the folder of the unpacked wheel; the package itself need not be installed"""
import importlib
import os
import sys
import types

import numpy as np
import torch

# The package imports much that a representation does not need.
package = sys.argv[1] + '/schnetpack'
for name, path in [('schnetpack', package), ('schnetpack.representation', package + '/representation')]:
    module = types.ModuleType(name)
    module.__path__ = [path]
    sys.modules[name] = module
properties = importlib.import_module('schnetpack.properties')
nn = importlib.import_module('schnetpack.nn')
schnet = importlib.import_module('schnetpack.representation.schnet')


torch.manual_seed(2)
cutoff = 3.0
model = schnet.SchNet(n_atom_basis=6, n_interactions=2, radial_basis=nn.GaussianRBF(n_rbf=5, cutoff=cutoff), cutoff_fn=nn.CosineCutoff(cutoff), n_filters=7)
outnet = nn.build_mlp(6, 1, n_hidden=4, n_layers=2, activation=torch.nn.functional.silu)
for parameter in list(model.parameters()) + list(outnet.parameters()):
    parameter.data = torch.randn_like(parameter) * 0.5
model, outnet = model.double(), outnet.double()
torch.set_default_dtype(torch.float64)
numbers = torch.tensor([8, 1, 1, 6])
positions = torch.tensor([[0, 0, 0.1], [0.9, 0.2, -0.3], [-0.4, 0.8, 0.5], [0.3, -1.4, 0.6]], requires_grad=True)
pairs = [(i, j) for i in range(4) for j in range(4) if i != j]
i, j = (torch.tensor(side) for side in zip(*pairs))
inputs = {properties.Z: numbers, properties.Rij: positions[j] - positions[i], properties.idx_i: i, properties.idx_j: j}
features = model(inputs)['scalar_representation']
energy = outnet(features).sum()
forces = -torch.autograd.grad(energy, positions)[0]
result = {'representation.' + key: value.numpy() for key, value in model.state_dict().items()}
result.update({'output_modules.0.outnet.' + key: value.numpy() for key, value in outnet.state_dict().items()})
result = {'weights/' + key: value for key, value in result.items()}
result.update(z=numbers.numpy(), pos=positions.detach().numpy(), features=features.detach().numpy(), energy=energy.detach().numpy(), forces=forces.numpy())
np.savez_compressed(os.path.dirname(os.path.abspath(__file__)) + '/schnet_random.npz', **result)
