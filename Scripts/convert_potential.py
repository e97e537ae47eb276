#!/usr/bin/env python3
"""Writes a trained model of MACE (.model), NequIP (.pth) or SevenNet (.pth) as a .safetensors file that swift-equivariant reads.

  python convert_potential.py INPUT OUTPUT.safetensors [--unit eV|kcal/mol|Hartree]
  pip install --no-deps sevenn && python convert_potential.py SevenNet-0 sevennet-0.safetensors

It needs what the model was trained with: torch and mace-torch for .model files, torch and PyYAML for deployed NequIP models of 0.5 or 0.6,
torch alone for checkpoints of SevenNet, and numpy. The file has the arrays of the model under their own names, and its options as JSON; options that are not known are refused when it
is read, not here."""
import argparse
import importlib.util
import json
import struct
import zipfile

import numpy as np
import torch

UNITS = {'eV': 1.0, 'kcal/mol': 0.04336410423, 'Hartree': 27.211386245988}


def jsonable(value):
    """JSON for a value of an option; a class or a function is its name."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, type) or callable(value) and hasattr(value, '__name__'):
        return value.__name__
    if type(value).__name__ == 'Irreps':
        return str(value)
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    return str(value)


def sign_122(arrays):
    """The 3j coefficient (1, 2, 2)[0, 0, 1] among the arrays, which tells the sign tables of e3nn apart; None where there is none."""
    for name, value in arrays.items():
        if name.endswith('_w3j_1_2_2') or name.endswith('w3j_1_2_2'):
            return float(value[0, 0, 1])
    return None


def mace(model):
    """Source, options and arrays of a model of mace-torch."""
    from e3nn import o3
    model = model.cpu()
    first, products, readouts = model.interactions[0], model.products, model.readouts
    radial = model.radial_embedding
    last = readouts[-1]
    count = len(model.interactions)
    heads = list(getattr(model, 'heads', ['Default']))
    units = last.hidden_irreps.count(o3.Irrep('0e')) // len(heads) if hasattr(last, 'hidden_irreps') else 0
    bessel = type(radial.bessel_fn).__name__
    transform = type(radial.distance_transform).__name__ if hasattr(radial, 'distance_transform') else 'None'
    contractions = [product.symmetric_contractions.contractions[0] for product in products]
    activation = getattr(getattr(last, 'non_linearity', None), 'acts', [None])[0]
    options = dict(
        model=type(model).__name__, r_max=float(model.r_max), num_bessel=radial.out_dim, num_polynomial_cutoff=int(radial.cutoff_fn.p),
        max_ell=model.spherical_harmonics.irreps_out.lmax, interaction_cls=type(model.interactions[-1]), interaction_cls_first=type(first),
        num_interactions=count, num_elements=len(model.atomic_numbers), atomic_numbers=model.atomic_numbers,
        hidden_irreps=str(products[0].linear.irreps_out), keep_last_layer_irreps=count > 1 and str(products[-1].linear.irreps_out) == str(products[0].linear.irreps_out),
        MLP_irreps=f'{units}x0e', gate=getattr(activation, 'f', activation), readout_cls=type(last), heads=heads,
        avg_num_neighbors=[float(layer.avg_num_neighbors) for layer in model.interactions],
        correlation=[len(contraction.weights) + 1 for contraction in contractions],
        radial_type={'BesselBasis': 'bessel', 'GaussianBasis': 'gaussian'}.get(bessel, bessel), radial_MLP=list(first.radial_MLP),
        distance_transform={'AgnesiTransform': 'Agnesi'}.get(transform, transform), apply_cutoff=getattr(model, 'apply_cutoff', True),
        pair_repulsion=hasattr(model, 'pair_repulsion_fn'), use_so3=getattr(model, 'use_so3', False),
        use_agnostic_product=getattr(model, 'use_agnostic_product', False), use_last_readout_only=getattr(model, 'use_last_readout_only', False),
        edge_irreps=getattr(model, 'edge_irreps', None), embedding_specs=getattr(model, 'embedding_specs', None),
        single_coefficients=next(model.parameters()).dtype == torch.float32)
    if len(readouts) == 1 and count > 1:
        options['use_last_readout_only'] = True
    # One layer has scalars alone behind it, whatever else was asked for; a network without a hidden layer of the read-out is linear.
    return 'mace', options, arrays_of(model)


def nequip(path):
    """Source, options and arrays of a deployed model of NequIP 0.5 or 0.6."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads values of Python that say nothing of the network as None."""

    Loader.add_multi_constructor('tag:yaml.org,2002:python/', lambda loader, suffix, node: None)
    extra = {'config': '', 'type_names': '', 'nequip_version': '', 'e3nn_version': '', 'r_max': ''}
    model = torch.jit.load(path, map_location='cpu', _extra_files=extra)
    text = {key: value.decode() if isinstance(value, bytes) else value for key, value in extra.items()}
    config = yaml.load(text['config'], Loader)
    # What decides what the network computes, known or not: what is not known is refused where the file is read.
    keys = ['r_max', 'num_basis', 'PolynomialCutoff_p', 'BesselBasis_trainable', 'irreps_edge_sh', 'chemical_embedding_irreps_out',
            'feature_irreps_hidden', 'num_layers', 'avg_num_neighbors', 'invariant_layers', 'invariant_neurons', 'use_sc', 'resnet',
            'nonlinearity_type', 'nonlinearity_scalars', 'nonlinearity_gates']
    prefixes = ('conv_', 'edge_', 'nonlinearity_', 'BesselBasis_', 'PolynomialCutoff_', 'radial_basis', 'cutoff_', 'pair_', 'ZBL')
    options = {key: value for key, value in config.items() if key in keys or key.startswith(prefixes)}
    builders = {'SimpleIrrepsConfig', 'EnergyModel', 'PerSpeciesRescale', 'ForceOutput', 'StressForceOutput', 'StressOutput', 'RescaleEnergyEtc'}
    others = [str(name) for name in config.get('model_builders', []) if name not in builders]
    if others:
        options['model_builders'] = others
    symbols = text['type_names'].split() or config['type_names']
    others = [symbol for symbol in symbols if symbol not in ATOMIC_NUMBERS]
    if others:
        raise SystemExit(f'the types of the model are no elements: {", ".join(others)}')
    options['atomic_numbers'] = [ATOMIC_NUMBERS[symbol] for symbol in symbols]
    arrays = arrays_of(model)
    options['single_coefficients'] = next(model.parameters()).dtype == torch.float32
    return 'nequip', options, arrays


def sevenn(checkpoint):
    """Source, options and arrays of a checkpoint of SevenNet."""
    return 'sevenn', dict(checkpoint['config']), {name: value.cpu().numpy() for name, value in checkpoint['model_state_dict'].items()}


def published(name):
    """The path of a model that a package brings, or the path itself."""
    if name != 'SevenNet-0':
        return name
    package = importlib.util.find_spec('sevenn')
    if package is None:
        raise SystemExit('SevenNet-0 is in the package sevenn: pip install --no-deps sevenn')
    return package.submodule_search_locations[0] + '/pretrained_potentials/SevenNet_0__11Jul2024/checkpoint_sevennet_0.pth'


def is_deployed(path):
    """Whether a file is a TorchScript archive."""
    return zipfile.is_zipfile(path) and any(name.endswith('/constants.pkl') for name in zipfile.ZipFile(path).namelist())


def arrays_of(model):
    return {name: value.detach().cpu().numpy() for name, value in list(model.named_parameters()) + list(model.named_buffers())}


SYMBOLS = ('H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd '
           'Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th '
           'Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og').split()
ATOMIC_NUMBERS = {symbol: number for number, symbol in enumerate(SYMBOLS, 1)}


def write(path, metadata, arrays):
    """A .safetensors file: the length of the header, the header as JSON, the arrays one after the other."""
    types = {'float64': 'F64', 'float32': 'F32', 'int64': 'I64', 'int32': 'I32', 'bool': 'BOOL', 'uint8': 'U8'}
    header, start, parts = {'__metadata__': metadata}, 0, []
    for name, value in arrays.items():
        data = np.ascontiguousarray(value).tobytes()
        header[name] = dict(dtype=types[str(value.dtype)], shape=list(value.shape), data_offsets=[start, start + len(data)])
        start += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(parts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('input')
    parser.add_argument('output')
    parser.add_argument('--unit', choices=UNITS, default='eV', help='the unit of the energies that the model gives')
    arguments = parser.parse_args()
    path = published(arguments.input)
    if is_deployed(path):
        source, options, arrays = nequip(path)
    else:
        model = torch.load(path, map_location='cpu', weights_only=False)
        source, options, arrays = sevenn(model) if isinstance(model, dict) and 'model_state_dict' in model else mace(model)
    sign = sign_122(arrays)
    metadata = dict(format='swift-equivariant foreign potential 1', source=source, options=json.dumps(jsonable(options)), unit=repr(UNITS[arguments.unit]))
    if sign is not None:
        metadata['coefficient_1_2_2'] = repr(sign)
    write(arguments.output, metadata, arrays)


if __name__ == '__main__':
    main()
