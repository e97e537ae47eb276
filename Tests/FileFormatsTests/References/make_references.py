"""Writes the reference files of this folder: python make_references.py (needs numpy, safetensors and torch)."""

import io
import pathlib
import zipfile

import numpy
import safetensors.torch
import torch

folder = pathlib.Path(__file__).parent
counting = numpy.arange(24).reshape(2, 3, 4)

for kind in ["f4", "f8", "i1", "i2", "i4", "i8", "u1"]:
    numpy.save(folder / f"{kind}.npy", (counting if kind == "u1" else counting - 5).astype(kind))
numpy.save(folder / "b1.npy", counting % 2 == 0)
numpy.save(folder / "fortran_f8.npy", numpy.asfortranarray(counting.astype("f8")))
numpy.save(folder / "fortran_i2.npy", numpy.asfortranarray(counting.astype("i2")))
numpy.save(folder / "scalar.npy", numpy.float64(2.5))
numpy.save(folder / "empty.npy", numpy.zeros((3, 0, 2), "f4"))
numpy.save(folder / "S5.npy", numpy.array([["ab", "hello"], ["", "\u00e9".encode()]], "S5"))
numpy.save(folder / "special_f8.npy", numpy.array([numpy.inf, -numpy.inf, -0.0, 5e-324, 1.7976931348623157e308]))
numpy.save(folder / "u2.npy", (counting + 65512).astype("u2"))
for version in [2, 3]:
    with open(folder / f"version{version}.npy", "wb") as file:
        numpy.lib.format.write_array(file, counting.astype("f4"), version=(version, 0))

numpy.save(folder / "big_endian.npy", counting.astype(">f8"))
numpy.save(folder / "half.npy", counting.astype("f2"))
numpy.save(folder / "u4.npy", counting.astype("u4"))

# Files that are valid and not supported.
numpy.save(folder / "unsupported_object.npy", numpy.array([1, "a"], object), allow_pickle=True)
numpy.save(folder / "unsupported_unicode.npy", numpy.array(["a", "bc"]))
numpy.save(folder / "unsupported_complex.npy", counting.astype("c16"))
numpy.save(folder / "unsupported_record.npy", numpy.zeros(2, [("a", "f4"), ("b", "i4")]))
numpy.save(folder / "unsupported_date.npy", numpy.array(["2020-01-01"], "M8[D]"))

arrays = {"x": counting.astype("f8"), "group/y": numpy.arange(5, dtype="i4"), "zeros": numpy.zeros(5000, "f4")}
numpy.savez(folder / "stored.npz", **arrays)
numpy.savez_compressed(folder / "deflated.npz", **arrays)


class Unseekable(io.RawIOBase):
    """A stream that zipfile cannot go back in, so that it writes data descriptors."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, part):
        self.bytes += bytes(part)
        return len(part)


stream = Unseekable()
with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
    for name in ["x", "group/y"]:
        part = io.BytesIO()
        numpy.save(part, arrays[name])
        archive.writestr(name + ".npy", part.getvalue())
    archive.writestr("notes.txt", "not an array")
    archive.comment = b"with a comment"
(folder / "descriptors.npz").write_bytes(stream.bytes)

# With the limit lowered, zipfile writes the 64-bit records that large archives have.
limit, count = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 40, 1
with zipfile.ZipFile(folder / "zip64.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    for name in ["x", "group/y"]:
        part = io.BytesIO()
        numpy.save(part, arrays[name])
        archive.writestr(name + ".npy", part.getvalue())
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limit, count

tensors = {
    "weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4,
    "bias": torch.tensor([0.5, -1.5], dtype=torch.float64),
    "steps": torch.tensor(7, dtype=torch.int64),
    "half": torch.tensor([1.0, -2.0], dtype=torch.float16),
    "brain": torch.tensor([1.0, -2.0], dtype=torch.bfloat16),
    "mask": torch.tensor([True, False, True]),
    "bytes": torch.tensor([1, 255], dtype=torch.uint8),
    "short": torch.tensor([-3], dtype=torch.int16),
    "int": torch.tensor([[1 << 20]], dtype=torch.int32),
    "tiny": torch.tensor([-128], dtype=torch.int8),
    "none": torch.zeros((0, 3)),
}
safetensors.torch.save_file(tensors, folder / "mixed.safetensors", metadata={"made by": "torch", "na\u00efve": "\"quoted\"\n"})
