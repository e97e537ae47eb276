import DifferentiableTensors
import FileFormats
import Foundation
import Testing

@testable import EquivariantDatasets

private let scans = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
  .appendingPathComponent("shared/data/pointclouds/normals22.npz").path

@Suite struct PointCloudDatasetTests {
  @Test(.enabled(if: FileManager.default.fileExists(atPath: scans), "the reference data are not beside this checkout"))
  func twentyTwoShapes() throws {
    let set = try PointCloudDataset(normals: scans)
    #expect(set.train.count == 15 && set.test.count == 7 && set.labels.isEmpty)
    #expect(set.test[0].name == "fish" && set.train[0].name == "spot")
    #expect((set.train + set.test).allSatisfy { $0.count == 4096 && $0.normals.count == 3 * 4096 })
  }

  private func write(_ folder: String, changing change: (inout [String: NumericArray]) -> Void = { _ in }) throws -> String {
    let normals: [Float] = (0..<24).map { $0 % 3 == 2 ? 1 : 0 }
    var arrays = [
      "points": NumericArray((0..<24).map { Float($0) }, shape: [4, 2, 3]), "normals": NumericArray(normals, shape: [4, 2, 3]),
      "is_test": NumericArray([0, 1, 0, 0] as [UInt8]),
    ]
    change(&arrays)
    let path = folder + "/set.npz"
    try NumericArchive.write(arrays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: path)
    return path
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("clouds-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func arraysBecomeClouds() throws {
    try withFolder { folder in
      let set = try PointCloudDataset(normals: try write(folder))
      #expect(set.train.map(\.name) == ["shape 0", "shape 2", "shape 3"] && set.test[0].points == [6, 7, 8, 9, 10, 11])
      let named = try PointCloudDataset(normals: try write(folder) { $0["names"] = NumericArray(strings: ["a", "b", "c", "d"]) })
      #expect(named.test[0].name == "b")
    }
  }

  @Test func wrongArraysAreTypedErrors() throws {
    let changes: [(String, (inout [String: NumericArray]) -> Void)] = [
      ("points", { $0["points"] = nil }), ("points", { $0["points"] = NumericArray([Float](repeating: 0, count: 24), shape: [4, 6]) }),
      ("points", { $0["points"] = NumericArray((0..<24).map { $0 == 7 ? Float.nan : Float(0) }, shape: [4, 2, 3]) }),
      ("normals", { $0["normals"] = NumericArray([Float](repeating: 1, count: 12), shape: [2, 2, 3]) }),
      ("normals", { $0["normals"] = NumericArray([Float](repeating: 0, count: 24), shape: [4, 2, 3]) }),
      ("normals", { $0["normals"] = NumericArray([Float](repeating: .nan, count: 24), shape: [4, 2, 3]) }),
      ("is_test", { $0["is_test"] = NumericArray([0, 1] as [UInt8]) }),
      ("is_test", { $0["is_test"] = NumericArray([0, 0, 0, 0] as [UInt8]) }),
      ("names", { $0["names"] = NumericArray(strings: ["a"]) }), ("names", { $0["names"] = NumericArray([1, 2, 3, 4]) }),
      ("points", { $0["points"] = NumericArray(strings: ["x"]) }),
      ("points", { $0["points"] = NumericArray([] as [Float], shape: [4, 0, 3]) }),
    ]
    try withFolder { folder in
      for (entry, change) in changes {
        let path = try write(folder, changing: change)
        let error = #expect(throws: FileFormatError.self) { try PointCloudDataset(normals: path) }
        #expect(error?.path == path && error?.place.entry == entry && error?.cure.isEmpty == false, "\(error?.description ?? "")")
      }
    }
  }

  @Test func madeSetsDependOnTheSeedAlone() {
    let set = PointCloudDataset.primitives(train: 2, test: 1, points: 40, seed: 5)
    #expect(set.train.map(\.label) == Array(0..<12) + Array(0..<12) && set.test.count == 12 && set.labels.count == 12)
    let larger = PointCloudDataset.primitives(train: 3, test: 1, points: 40, seed: 5)
    #expect(Array(larger.train.prefix(24)) == set.train && larger.test == set.test)
    #expect(PointCloudDataset.primitives(train: 2, test: 1, points: 40, seed: 6).train != set.train)
    #expect(zip(set.train, set.test).allSatisfy { $0 != $1 })
    let things = PointCloudDataset.composites(train: 1, test: 1, points: 60, seed: 5)
    #expect(things.labels == CompositeShape.allParts && things.train.allSatisfy { $0.parts.count == 60 })
  }

  @Test func cloudsOfFiles() {
    // Far from the origin, in double precision: nothing is lost.
    let points = [0, 0, 0, 0.004, 0, 0, 0, 0.003, 0].enumerated().map { $1 + [4e6, -3e6, 100][$0 % 3] }
    let cloud = PointCloud(name: "a", GeometryFile(points: points, normals: [0, 0, 2, 1e-200, 0, 0, 0, 0, 0]))
    #expect(cloud.normals == [0, 0, 1, 1, 0, 0, 0, 0, 0])
    let side = (0..<3).map { cloud.points[3 + $0] - cloud.points[$0] }
    let other = (0..<3).map { cloud.points[6 + $0] - cloud.points[$0] }
    // A double at 4·10⁶ is exact to 5·10⁻¹⁰.
    #expect(abs(side[0] / other[1] - 4.0 / 3) < 1e-5 && abs(side[1]) < 1e-6)
    let part = cloud.selected([2, 0])
    #expect(part.points == Array(cloud.points[6..<9] + cloud.points[0..<3]) && part.normals == [0, 0, 0, 0, 0, 1])
    #expect(PointCloud(name: "", GeometryFile(points: [5, 5, 5, 5, 5, 5])).points == [0, 0, 0, 0, 0, 0])
    #expect(PointCloud(name: "", GeometryFile(points: [1e100, 0, 0, -1e100, 0, 0])).points == [1, 0, 0, -1, 0, 0])
    #expect(cloud.file.count == 3 && cloud.file.normals?.count == 9)
  }
}
