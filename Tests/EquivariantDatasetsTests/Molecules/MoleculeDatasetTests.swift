import Equivariant
import Foundation
import Testing

/// The root of the package, found from this file.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

@Suite struct MoleculeDatasetTests {
  private var ethanol: String { root.appending(path: "Data/molecules/rmd17_ethanol_tiny.npz").path }

  @Test func ethanolIsSplitAndItsForcesHaveNoSumAndNoTorque() throws {
    let data = try MoleculeDataset(contentsOf: ethanol)
    #expect(data.atomicNumbers.sorted() == [1, 1, 1, 1, 1, 1, 6, 6, 8])
    #expect((data.train.count, data.valid.count, data.test.count) == (95, 5, 100))
    // Energies do not depend on where a molecule is or how it is turned: forces without sum and without torque, to the labels' precision.
    for s in 0..<data.test.count {
      var (sum, torque) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
      for i in 0..<9 {
        let k = 3 * (9 * s + i)
        let x = SIMD3(data.test.positions[k], data.test.positions[k + 1], data.test.positions[k + 2])
        let f = SIMD3(data.test.forces[k], data.test.forces[k + 1], data.test.forces[k + 2])
        sum += f
        torque += SIMD3(x.y * f.z - x.z * f.y, x.z * f.x - x.x * f.z, x.x * f.y - x.y * f.x)
      }
      #expect((sum * sum).sum().squareRoot() < 1e-3 && (torque * torque).sum().squareRoot() < 0.1)
    }
  }

  @Test func validationTakesEveryNthFromTheFirst() throws {
    let (all, coarse) = (try MoleculeDataset(contentsOf: ethanol, validationStep: 2), try MoleculeDataset(contentsOf: ethanol))
    #expect(all.valid.count == 50 && Array(all.valid.energies.prefix(1)) == Array(coarse.valid.energies.prefix(1)))
    #expect(coarse.valid.energies[1] == all.valid.energies[10])
    #expect(Set(coarse.train.energies).union(coarse.valid.energies).count == 100)
  }

  @Test(arguments: [
    ("train_pos", "the shape [4, 2, 3] is expected, it is [4, 3, 2]"),
    ("test_forces", "component 2 of the force on atom 1 in conformation 0 is nan"),
    ("z", "atomic numbers in 1 ... 118"), ("z", "at least two atoms"), ("test_energy", "at least two conformations"),
    ("train_energy", "no such array"),
    ("test_pos", "atoms 0 and 1 of conformation 3 are at one place"),
  ])
  func badArchivesAreRejected(entry: String, message: String) throws {
    func values(_ count: Int) -> [Double] { (0..<count).map { Double($0) * 0.5 } }
    var arrays: [(name: String, array: NumericArray)] = [("z", NumericArray([1, 8]))]
    for split in ["train", "test"] {
      arrays += [
        ("\(split)_pos", NumericArray(values(24), shape: [4, 2, 3])), ("\(split)_energy", NumericArray(values(4), shape: [4])),
        ("\(split)_forces", NumericArray(values(24), shape: [4, 2, 3])),
      ]
    }
    let place = try #require(arrays.firstIndex { $0.name == entry })
    switch entry {
    case "train_pos": arrays[place].array = NumericArray(values(24), shape: [4, 3, 2])
    case "test_forces":
      var broken = values(24)
      broken[5] = .nan
      arrays[place].array = NumericArray(broken, shape: [4, 2, 3])
    case "z": arrays[place].array = NumericArray(message == "at least two atoms" ? [8] : [1, 0])
    case "test_energy": arrays[place].array = NumericArray([1.0], shape: [1])
    case "train_energy": arrays.remove(at: place)
    default:
      var broken = values(24)
      broken.replaceSubrange(21..<24, with: broken[18..<21])
      arrays[place].array = NumericArray(broken, shape: [4, 2, 3])
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "molecules-\(UUID().uuidString).npz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try NumericArchive.write(arrays, to: path)
    let error = #expect(throws: FileFormatError.self) { try MoleculeDataset(contentsOf: path) }
    let text = try #require(error).description
    #expect(text.contains(message) && text.contains(entry), "\(text)")
  }
}
