"""Makes the checkpoints in this folder, with PyTorch 2.13: python3 make_checkpoints.py

Tiny networks of U-GAT-IT (16 px, 1 channel, 1 residual block, discriminators of 3 layers) as modules whose state_dict() has the authors'
keys. Element k of the tensor NETWORK.KEY is ((37 k + 11 len(NETWORK.KEY)) mod 97 - 48) / 64: exact in every type.
"""
import torch
from torch import nn

TOP = 4


def generator(light):
    shapes = {"DownBlock.1.weight": (1, 3, 7, 7), "DownBlock.5.weight": (2, 1, 3, 3), "DownBlock.9.weight": (TOP, 2, 3, 3)}
    for i in (1, 5):
        shapes[f"DownBlock.12.conv_block.{i}.weight"] = (TOP, TOP, 3, 3)
    shapes |= {"gap_fc.weight": (1, TOP), "gmp_fc.weight": (1, TOP), "conv1x1.weight": (TOP, 2 * TOP, 1, 1), "conv1x1.bias": (TOP,),
               "FC.0.weight": (TOP, TOP if light else TOP * 16), "FC.2.weight": (TOP, TOP), "gamma.weight": (TOP, TOP),
               "beta.weight": (TOP, TOP)}
    for i in (1, 2):
        shapes |= {f"UpBlock1_1.conv{i}.weight": (TOP, TOP, 3, 3), f"UpBlock1_1.norm{i}.rho": (1, TOP, 1, 1)}
    for i, out, inputs in ((2, 2, TOP), (7, 1, 2)):
        norm = f"UpBlock2.{i + 1}"
        shapes |= {f"UpBlock2.{i}.weight": (out, inputs, 3, 3), f"{norm}.rho": (1, out, 1, 1), f"{norm}.gamma": (1, out, 1, 1),
                   f"{norm}.beta": (1, out, 1, 1)}
    return shapes | {"UpBlock2.11.weight": (3, 1, 7, 7)}


def discriminator():
    shapes = {}

    def spectral(key, shape, bias):
        shapes[key + ".weight_orig"] = shape
        shapes[key + ".weight_u"] = (shape[0],)
        shapes[key + ".weight_v"] = (torch.Size(shape[1:]).numel(),)
        if bias:
            shapes[key + ".bias"] = (shape[0],)

    spectral("model.1", (1, 3, 4, 4), True)
    spectral("model.4", (2, 1, 4, 4), True)
    spectral("gap_fc", (1, 2), False)
    spectral("gmp_fc", (1, 2), False)
    shapes |= {"conv1x1.weight": (2, 4, 1, 1), "conv1x1.bias": (2,)}
    spectral("conv", (1, 2, 4, 4), False)
    return shapes


def network(name, shapes, dtype=torch.float32):
    """Modules in modules, so that state_dict() gives these keys, and _metadata beside them."""
    root = nn.Module()
    for key, shape in shapes.items():
        *path, leaf = key.split(".")
        module = root
        for part in path:
            if part not in module._modules:
                module.add_module(part, nn.Module())
            module = module._modules[part]
        k = torch.arange(torch.Size(shape).numel())
        values = ((37 * k + 11 * len(f"{name}.{key}")) % 97 - 48) / 64
        module.register_parameter(leaf, nn.Parameter(values.reshape(shape).to(dtype)))
    return root


def networks(light=True, dtype=torch.float32):
    generators = {name: network(name, generator(light), dtype) for name in ("genA2B", "genB2A")}
    return generators | {name: network(name, discriminator(), dtype) for name in ("disGA", "disGB", "disLA", "disLB")}


def state_dicts(modules):
    return {name: module.state_dict() for name, module in modules.items()}


def strided(dictionaries):
    """Every tensor a transposed view of one storage that all of its network share."""
    out = {}
    for name, tensors in dictionaries.items():
        storage = torch.full((sum(t.numel() for t in tensors.values()) + 5,), 9.0)
        out[name], offset = {}, 3
        for key, tensor in tensors.items():
            turned = storage[offset:offset + tensor.numel()].view(tensor.shape[::-1]).permute(*range(tensor.dim())[::-1])
            turned.copy_(tensor)
            out[name][key] = turned
            offset += tensor.numel()
    return out


light = networks()
torch.save(state_dicts(light), "light.pt")
torch.save(state_dicts(networks(light=False)), "full.pt")
torch.save(state_dicts({name: nn.DataParallel(module) for name, module in light.items()}), "parallel.pt")
torch.save(state_dicts(networks(dtype=torch.float16)), "half.pt")
torch.save(state_dicts(networks(dtype=torch.bfloat16)), "bfloat16.pt", pickle_protocol=4)
torch.save(state_dicts(networks(dtype=torch.float64)), "double.pt")
torch.save(strided(state_dicts(light)), "strided.pt")
torch.save(light["genB2A"].state_dict(), "generator.pt")
torch.save(state_dicts(light), "legacy.pt", _use_new_zipfile_serialization=False)
optimizer = torch.optim.Adam(light["genA2B"].parameters(), lr=1e-4)
sum(p.sum() for p in light["genA2B"].parameters()).backward()
optimizer.step()
torch.save(state_dicts(networks()) | {"G_optim": optimizer.state_dict(), "epoch": 7}, "optimizer.pt")
torch.save(light["genA2B"], "module.pt")
torch.jit.save(torch.jit.script(nn.Linear(2, 2)), "program.pt")
cycle = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(3, 2, 7), nn.BatchNorm2d(2), nn.ReLU(), nn.Conv2d(2, 2, 3))
torch.save({f"model.{key}": value for key, value in cycle.state_dict().items()}, "cyclegan.pt")
