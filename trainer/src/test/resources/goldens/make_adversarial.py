"""Makes light-64-hinge.safetensors and light-64-wgan-gp.safetensors, with PyTorch 2.13:
python3 make_adversarial.py FOLDER GOLDENS, FOLDER holding ugatit_reference.py, the reference that made light-64.safetensors in GOLDENS.

The reference's step with another adversarial loss, nothing else changed: from the parameters and inputs of light-64.safetensors, with one
thread. Keys: `grad.NET.KEY` gradients of the first step, as in light-64.safetensors; with wgan-gp `share.a` and `share.b`, the share of the
real image of each domain at every step's point between real and translated. Metadata: `losses`, one object a step.
"""
import dataclasses, json, sys
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, safe_open, save_file

folder, goldens = sys.argv[1:3]
sys.path.insert(0, folder)
import ugatit_reference as R

torch.set_num_threads(1)
PENALTY = 10.0


def hinge(kind, x):
    return {"real": F.relu(1 - x).mean(), "translated": F.relu(1 + x).mean(), "generator": -x.mean()}[kind]


def wasserstein(kind, x):
    return x.mean() if kind == "translated" else -x.mean()


def penalty(dis, real, fake, share):
    """Of patches and of CAM logits, each with a length of its own, as taki0112/UGATIT has it."""
    x = (fake + share * (real - fake)).detach().requires_grad_(True)
    loss = 0
    for out in dis(x):
        gradient, = torch.autograd.grad(out.sum(), x, create_graph=True)
        loss = loss + PENALTY * ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()
    return loss


def train(name, pay):
    with safe_open(f"{goldens}/light-64.safetensors", "pt") as file:
        c = R.Config(**json.loads(file.metadata()["config"]))
    tensors = load_file(f"{goldens}/light-64.safetensors")
    p = {n: {k[len(f"param.{n}."):]: t.clone() for k, t in tensors.items() if k.startswith(f"param.{n}.")} for n in R.NETWORKS}
    t = R.Trainer(c, p)
    steps = len(tensors["input.a"])
    gen = torch.Generator().manual_seed(5)
    kept = {f"share.{d}": torch.rand(steps, generator=gen) for d in "ab"} if name == "wgan-gp" else {}
    bce = lambda x, v: F.binary_cross_entropy_with_logits(x, torch.full_like(x, v))
    rows = []
    for s in range(steps):
        a, b = (tensors[f"input.{d}"][s:s + 1] for d in "ab")
        losses = {}
        for opt in (t.opt_g, t.opt_d):
            opt.param_groups[0]["lr"] = R.learning_rate(c, s + 1)
        t.opt_d.zero_grad()
        a2b, a2b_cam, _ = R.generator(p["genA2B"], c, a)
        b2a, b2a_cam, _ = R.generator(p["genB2A"], c, b)
        d_loss = 0
        for domain, real, fake in (("A", a, b2a), ("B", b, a2b)):
            loss = 0
            for scale in "GL":
                n = f"dis{scale}{domain}"
                loss = loss + sum(pay("real", x) for x in t._dis(n, real, True))
                loss = loss + sum(pay("translated", x) for x in t._dis(n, fake.detach(), False))
                if name == "wgan-gp":
                    loss = loss + penalty(lambda x: t._dis(n, x, False), real, fake.detach(), kept[f"share.{domain.lower()}"][s])
            losses["d_" + domain.lower()] = c.adv_weight * loss
            d_loss = d_loss + losses["d_" + domain.lower()]
        d_loss.backward()
        if s == 0:
            kept |= {f"grad.{n}.{k}": v.grad.clone() for n in R.NETWORKS[2:] for k, v in p[n].items() if v.grad is not None}
        t.opt_d.step()

        t.opt_g.zero_grad()
        cycles = R.generator(p["genB2A"], c, a2b)[0], R.generator(p["genA2B"], c, b2a)[0]
        same_a, same_a_cam, _ = R.generator(p["genB2A"], c, a)
        same_b, same_b_cam, _ = R.generator(p["genA2B"], c, b)
        g_loss = 0
        for d, real, fake, cycle, same, cam, same_cam in (("A", a, b2a, cycles[0], same_a, b2a_cam, same_a_cam),
                                                          ("B", b, a2b, cycles[1], same_b, a2b_cam, same_b_cam)):
            k = d.lower()
            losses["g_adv_" + k] = c.adv_weight * sum(pay("generator", x) for scale in "GL" for x in t._dis(f"dis{scale}{d}", fake, True))
            losses["g_cycle_" + k] = c.cycle_weight * F.l1_loss(cycle, real)
            losses["g_identity_" + k] = c.identity_weight * F.l1_loss(same, real)
            losses["g_cam_" + k] = c.cam_weight * (bce(cam, 1.0) + bce(same_cam, 0.0))
            g_loss = g_loss + sum(losses[f"g_{l}_{k}"] for l in ("adv", "cycle", "identity", "cam"))
        g_loss.backward()
        if s == 0:
            kept |= {f"grad.{n}.{k}": v.grad.clone() for n in R.NETWORKS[:2] for k, v in p[n].items()}
        t.opt_g.step()
        with torch.no_grad():
            for n in R.NETWORKS[:2]:
                for k, v in p[n].items():
                    if k.endswith("rho"):
                        v.clamp_(0.0, 1.0)
        losses["d_total"], losses["g_total"] = d_loss, g_loss
        rows.append({k: float(v.detach()) for k, v in losses.items()})
    save_file({k: v.detach().contiguous() for k, v in kept.items()}, f"light-64-{name}.safetensors", metadata={"losses": json.dumps(rows)})


if __name__ == "__main__":
    train("hinge", hinge)
    train("wgan-gp", wasserstein)
