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

  /// 40 conformations of two atoms, under the names of rMD17 or of MD17.
  private func trajectory(_ names: [String], energyShape: [Int] = [40], _ change: (inout [String: [Double]]) -> Void = { _ in }) throws
    -> String
  {
    let positions = (0..<240).map { (i: Int) -> Double in Double(i % 6) + 0.01 * Double(i / 6) }
    let (energies, forces) = ((0..<40).map { Double($0) - 100 }, (0..<240).map { 0.1 * Double($0) })
    var values: [String: [Double]] = ["pos": positions, "energy": energies, "forces": forces]
    change(&values)
    let arrays: [(name: String, array: NumericArray)] = [
      (names[0], NumericArray([8, 1] as [UInt8])), (names[1], NumericArray(values["pos"]!, shape: [40, 2, 3])),
      (names[2], NumericArray(values["energy"]!, shape: energyShape)), (names[3], NumericArray(values["forces"]!, shape: [40, 2, 3])),
      ("old_indices", NumericArray(Array(0..<40))),
    ]
    let path = FileManager.default.temporaryDirectory.appending(path: "molecules-\(UUID().uuidString).npz").path
    try NumericArchive.write(arrays, to: path)
    return path
  }

  private static let names = [["nuclear_charges", "coords", "energies", "forces"], ["z", "R", "E", "F"]]

  @Test(arguments: names) func publishedTrajectories(names: [String]) throws {
    let path = try trajectory(names, energyShape: names[0] == "z" ? [40, 1] : [40])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let half = try MoleculeDataset(contentsOf: path)
    #expect(half.atomicNumbers == [8, 1] && (half.train.count, half.valid.count, half.test.count) == (19, 1, 20))
    // Each conformation once, with its own positions and forces.
    let parts = [half.train, half.valid, half.test]
    #expect(parts.flatMap(\.energies).sorted() == (0..<40).map { Double($0) - 100 })
    for part in parts {
      for (s, energy) in part.energies.enumerated() {
        let number = Int(energy + 100)
        #expect(part.positions[6 * s + 1] == 1 + 0.01 * Double(number) && part.forces[6 * s + 5] == 0.1 * Double(6 * number + 5))
      }
    }
    func energies(_ split: MoleculeSplit) throws -> [[Double]] {
      let data = try MoleculeDataset(contentsOf: path, split: split, validationStep: 2)
      return [data.train.energies, data.valid.energies, data.test.energies]
    }
    #expect(try energies(.random(train: 10, test: 5, seed: 3)) == energies(.random(train: 10, test: 5, seed: 3)))
    #expect(try energies(.random(train: 10, test: 5, seed: 3)) != energies(.random(train: 10, test: 5, seed: 4)))
    #expect(try energies(.random(train: 10, test: 5, seed: 3)).map(\.count) == [5, 5, 5])
    #expect(try energies(.numbers(train: [7, 3, 9], test: [0, 39])) == [[-97], [-93, -91], [-100, -61]])
    for (split, message) in [
      (MoleculeSplit.random(train: 39, test: 2), "39 conformations to learn from and 2"),
      (.numbers(train: [1, 40], test: [2, 3]), "0 to 39"),
      (.numbers(train: [1, 2], test: [2, 3]), "conformation 2 is to learn from and to be tested on"), (.random(train: 1), "at least two"),
    ] {
      let error = #expect(throws: FileFormatError.self) { try MoleculeDataset(contentsOf: path, split: split) }
      #expect(error?.cause.contains(message) == true, "\(String(describing: error))")
    }
    let given = #expect(throws: FileFormatError.self) { try MoleculeDataset(contentsOf: ethanol, split: .random()) }
    #expect(given?.cause.contains("divided already") == true)
  }

  /// As the published splits of rMD17 are.
  @Test func splitsFromFiles() throws {
    let folder = FileManager.default.temporaryDirectory
    let paths = ["train", "test"].map { folder.appending(path: "\($0)-\(UUID().uuidString).csv").path }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    try Data("86752\r\n32213\r\n\r\n".utf8).write(to: URL(filePath: paths[0]))
    try Data("1\n2\n0".utf8).write(to: URL(filePath: paths[1]))
    #expect(try MoleculeSplit.files(train: paths[0], test: paths[1]) == .numbers(train: [86752, 32213], test: [1, 2, 0]))
    try Data("1\nx\n".utf8).write(to: URL(filePath: paths[1]))
    let error = #expect(throws: FileFormatError.self) { try MoleculeSplit.files(train: paths[0], test: paths[1]) }
    #expect(error?.place.line == 2 && error?.path == paths[1])
  }

  /// Numbers that no molecule has are told with their conformation and atom; those that one may have are read.
  @Test(
    arguments: [
      ("pos", 100, 1e8, "coordinate 1 of atom 1 in conformation 16 is 100000000.0 Å"),
      ("pos", 100, .infinity, "coordinate 1 of atom 1 in conformation 16"),
      ("pos", 100, -1e30, "coordinate 1 of atom 1 in conformation 16"), ("energy", 7, 1e30, "the energy of conformation 7 is 1e+30"),
      ("energy", 7, .nan, "the energy of conformation 7 is nan"),
      ("forces", 100, -1e30, "component 1 of the force on atom 1 in conformation 16 is -1e+30"), ("pos", 100, 5e3, nil),
      ("energy", 7, 9e5, nil),
      ("forces", 100, 9e5, nil),
    ] as [(String, Int, Double, String?)])
  func unphysicalNumbers(key: String, place: Int, value: Double, message: String?) throws {
    let path = try trajectory(Self.names[0]) { $0[key]![place] = value }
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard let message else {
      #expect(try MoleculeDataset(contentsOf: path, split: .random(train: 30, test: 10)).test.count == 10)
      return
    }
    let error = #expect(throws: FileFormatError.self) { try MoleculeDataset(contentsOf: path, split: .random(train: 30, test: 10)) }
    #expect(error?.cause.contains(message) == true && error?.path == path, "\(String(describing: error))")
    #expect(error?.place.entry == ["pos": "coords", "energy": "energies", "forces": "forces"][key])
  }
}
