"""Imports a framework and counts with it once: does this image run on these cards?"""

import argparse
import importlib
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--framework", default="python")
parser.add_argument("--probe", default="")
given = parser.parse_args()

print("python", sys.version.split()[0])
if given.probe:
    # Fails where the cards cannot be seen from inside.
    subprocess.run(given.probe.split(), check=True)

MODULES = {
    "pytorch": "torch",
    "paddlepaddle": "paddle",
    "python": "math",
}
# Administrators write names as their makers do: PyTorch, MindSpore.
name = given.framework.lower()
name = MODULES.get(name, name)
module = importlib.import_module(name)
print(given.framework, getattr(module, "__version__", ""))
if name == "torch":
    device = "cuda" if given.probe and module.cuda.is_available() else "cpu"
    total = float((module.ones(2, 2, device=device) @ module.ones(2, 2, device=device)).sum())
    print("device", device)
    assert total == 8.0
print("value=1")
