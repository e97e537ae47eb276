import Equivariant
import Foundation
import Testing

/// The commands of `pointclouds` that read and write geometry, as a user with scans would type them, and with what can be wrong with scans.
@Suite struct PointCloudsCommandTests {
  private let pointclouds = Program("pointclouds")

  /// A cube with triangles turned outwards.
  private static let cube = """
    OFF
    8 6 12
    0 0 0
    1 0 0
    1 1 0
    0 1 0
    0 0 1
    1 0 1
    1 1 1
    0 1 1
    4 0 3 2 1
    4 4 5 6 7
    4 0 1 5 4
    4 1 2 6 5
    4 2 3 7 6
    4 3 0 4 7
    """

  private func withCube(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Data(Self.cube.utf8).write(to: folder.appendingPathComponent("cube.off"))
      try body(folder)
    }
  }

  private func read(_ name: String, _ folder: URL) throws -> GeometryFile {
    try GeometryFile(contentsOf: folder.appendingPathComponent(name).path)
  }

  private func succeed(_ arguments: [String], in folder: URL, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let result = try pointclouds.run(arguments, in: folder)
    #expect(result.status == 0 && result.signal == nil, "\(result.errors)", sourceLocation: sourceLocation)
    return result.output
  }

  /// Colours are no normals, decimal commas no separators, and atoms no cloud.
  @Test func meaningIsNeverGuessed() throws {
    try withTemporaryFolder { folder in
      func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }
      let colors = "-1.5 2.0 0.25 59 58 54\r\n-1.5 2.1 0.25 63 61 56\r\n-1.4 2.0 0.25 0 0 0\r\n"
      try write("colors.txt", colors)
      try write("named.txt", "# x y z r g b\r\n" + colors)
      try write("comma.xyz", "0,5 0,25 0,75\n1,5 0,25 0,75\n")
      try write("atoms.xyz", "2\nhydrogen\nH 0.0 0.0 0.0\nH 0.0 0.0 0.74\n")
      try write("arrow.off", "OFF\n4 1 0\n0 0 0\n4 0 0\n1 1 0\n0 4 0\n4 1 2 3 0\n")
      for (file, message) in [
        ("colors.txt", "line 1: the last three of six columns are (59.0, 58.0, 54.0)"), ("colors.txt", "--columns normals or ignored"),
        ("comma.xyz", "line 1: \"0,5\" is one number with a decimal comma"),
        ("atoms.xyz", "`molecules inspect` and `molecules predict` read files of atoms"),
      ] {
        for command in ["convert", "normals"] {
          try pointclouds.expectRefusal(of: [command, file, "--output", "a.ply"], saying: message, in: folder)
        }
      }
      for arguments in [["named.txt"], ["colors.txt", "--columns", "ignored"]] {
        #expect(try succeed(["convert"] + arguments + ["--output", "a.ply"], in: folder).hasPrefix("3 points: "))
        let output = try succeed(["normals"] + arguments + ["--output", "a.ply", "--neighbors", "3"], in: folder)
        #expect(!output.contains("against the file's normals"))
      }
      #expect(try succeed(["convert", "colors.txt", "--columns", "normals", "--output", "a.ply"], in: folder).contains("normals"))
      #expect(try succeed(["sample", "arrow.off", "--points", "200", "--output", "b.ply"], in: folder).contains("of area 4.000"))
      let points = try read("b.ply", folder).points
      for k in 0..<200 {
        let (x, y) = (points[3 * k], points[3 * k + 1])
        #expect(x + 3 * y < 4 + 1e-6 || 3 * x + y < 4 + 1e-6, "(\(x), \(y)) is outside")
      }
    }
  }

  @Test func fromAMeshToNormalsToAPage() throws {
    try withCube { folder in
      _ = try succeed(["sample", "cube.off", "--points", "1500", "--output", "scan.ply", "--seed", "3"], in: folder)
      let scan = try read("scan.ply", folder)
      #expect(scan.count == 1500 && scan.normals!.allSatisfy { [-1, 0, 1].contains($0) })
      let output = try succeed(["normals", "scan.ply", "--output", "estimated/normals.ply", "--neighbors", "8"], in: folder)
      #expect(output.contains("points a second") && output.contains("against the file's normals"))
      let estimated = try read("estimated/normals.ply", folder)
      #expect(estimated.points == scan.points)
      // All but the points near edges have the normal of their face.
      let good = zip(estimated.normals!, scan.normals!).filter { abs($0.magnitude - $1.magnitude) < 1e-6 }.count
      #expect(good > 3 * 1050 && good < 3 * 1500)
      _ = try succeed(
        ["report", "--cloud", "estimated/normals.ply", "--truth", "scan.ply", "--output", "page/report.html"], in: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("page/report.html"), encoding: .utf8)
      #expect(page.contains("<canvas") && page.contains("data-kinds=\"angles normals\"") && page.contains("estimated/normals.ply") == false)
      // Nothing is loaded from anywhere.
      #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
    }
  }

  @Test(arguments: ["a.ply", "a.off", "a.xyz", "a.txt", "a.npy"]) func convertsToEveryFormat(name: String) throws {
    try withCube { folder in
      _ = try succeed(["convert", "cube.off", "--output", name, "--encoding", "ascii"], in: folder)
      let (file, cube) = (try read(name, folder), try read("cube.off", folder))
      #expect(file.points == cube.points && [[], cube.triangles].contains(file.triangles))
      // The same points, whatever format they come from.
      _ = try succeed(["normals", name, "--output", "n.npy", "--neighbors", "4"], in: folder)
      #expect(try read("n.npy", folder).count == 8)
    }
  }

  @Test func sameSeedSameBytesOnAnyNumberOfThreads() throws {
    try withCube { folder in
      for (name, seed, threads) in [("a", "1", "1"), ("b", "1", "2"), ("c", "2", "1")] {
        _ = try succeed(["sample", "cube.off", "--points", "700", "--output", "\(name).xyz", "--seed", seed], in: folder)
        _ = try succeed(["normals", "\(name).xyz", "--output", "\(name).ply", "--threads", threads], in: folder)
      }
      let files = try ["a.ply", "b.ply", "c.ply"].map { try Data(contentsOf: folder.appendingPathComponent($0)) }
      #expect(files[0] == files[1] && files[0] != files[2])
    }
  }

  @Test(arguments: ["primitives", "composites"]) func setsOfShapes(kind: String) throws {
    try withTemporaryFolder { folder in
      _ = try succeed(
        ["shapes", "--kind", kind, "--train", "2", "--test", "1", "--points", "50", "--output", "s.npz", "--compress"], in: folder)
      let archive = try NumericArchive(contentsOf: folder.appendingPathComponent("s.npz").path)
      let count = kind == "primitives" ? 36 : 15
      #expect(try archive.array("points").shape == [count, 50, 3] && archive.ints("is_test").reduce(0, +) == count / 3)
      #expect(archive.contains("parts") == (kind == "composites"))
      _ = try succeed(["report", "--shapes", "s.npz"], in: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.components(separatedBy: "<canvas").count == count / 3 + 1)
    }
  }

  @Test(arguments: [
    (["sample", "nowhere.off", "-o", "a.ply"], "nowhere.off"), (["sample", "empty.off", "-o", "a.ply"], "empty.off: the file has 0 bytes"),
    (["sample", "points.xyz", "-o", "a.ply"], "no triangles"), (["sample", "cube.off", "-o", "a.stl"], ".stl"),
    (["sample", "cube.off"], "--output"), (["sample", "cube.off", "-o", "a.ply", "--points", "0"], "--points must be between 1"),
    (["sample", "cube.off", "-o", "a.ply", "--points", "9999999999"], "--points must be between 1"),
    (["sample", "flat.off", "-o", "a.ply"], "flat.off: the area of the triangles is 0"),
    (["sample", "huge.off", "-o", "a.ply"], "huge.off, line 2"),
    (["sample", "cube.off", "-o", "/dev/null/a.ply"], "/dev/null"),
    (["sample", "folder.ply", "-o", "a.ply"], "folder.ply: this is a folder"),
    (["normals", "nan.xyz", "-o", "a.ply"], "nan.xyz, line 2"), (["normals", "cut.ply", "-o", "a.ply"], "cut.ply"),
    (["normals", "garbage.ply", "-o", "a.ply"], "garbage.ply, line 1"), (["normals", "two.xyz", "-o", "a.ply"], "need at least 3 points"),
    (["normals", "points.xyz", "-o", "a.ply", "--neighbors", "2"], "--neighbors must be between 3"),
    (["normals", "points.xyz", "-o", "a.ply", "--threads", "0"], "--threads must be at least 1"),
    (["normals", "points.xyz", "-o", "a.ply", "--method", "model"], "--method model needs --model"),
    (["normals", "points.xyz", "-o", "a.ply", "--model", "m"], "--model is for --method model"),
    (["normals", "points.xyz", "-o", "a.ply", "--method", "model", "--model", "nowhere"], "nowhere"),
    (["normals", "points.xyz", "-o", "a.ply", "--method", "model", "--model", "garbage.ply"], "garbage.ply"),
    (["convert", "bad.npy", "-o", "a.ply"], "bad.npy"), (["convert", "cube.off", "-o", "a.ply", "--encoding", "ebcdic"], "ebcdic"),
    (["convert", "cube.off", "-o", "folder.ply"], "folder.ply"), (["shapes", "--points", "0"], "--points must be between 1"),
    (["shapes", "--train", "0", "--test", "0"], "must not both be 0"), (["shapes", "-o", "a.ply"], ".npz"),
    (["shapes", "--kind", "fruit"], "fruit"),
    (["report"], "give --cloud"), (["report", "--cloud", "points.xyz"], "no normals"),
    (["report", "--cloud", "nowhere.ply"], "nowhere.ply"),
    (["report", "--cloud", "n.xyz", "--truth", "points.xyz"], "true normals"),
    (["report", "--cloud", "n.xyz", "--cloud", "n.xyz", "--truth", "n.xyz"], "--truth is given 1 times"),
    (["report", "--protocols", "garbage.ply"], "garbage.ply"), (["report", "--protocols", "nowhere.json"], "nowhere.json"),
    (["report", "--shapes", "garbage.ply"], "garbage.ply"), (["report", "--cloud", "n.xyz", "-o", "/dev/null/x.html"], "/dev/null"),
    (["paint"], "paint"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withCube { folder in
      let files = [
        "empty.off": "", "points.xyz": "0 0 0\n1 0 0\n0 1 0\n", "n.xyz": "0 0 0 0 0 1\n1 0 0 0 0 1\n", "two.xyz": "0 0 0\n1 0 0\n",
        "nan.xyz": "0 0 0\n1 nan 0\n0 1 0\n", "flat.off": "OFF\n3 1 0\n0 0 0\n1 0 0\n2 0 0\n3 0 1 2\n",
        "garbage.ply": "this is a line of text\n",
        "huge.off": "OFF\n9000000000000000000 1 0\n0 0 0\n", "bad.npy": "\u{1}NUMPY",
        "cut.ply":
          "ply\nformat binary_little_endian 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nend_header\nabc",
      ]
      for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
      try FileManager.default.createDirectory(at: folder.appendingPathComponent("folder.ply"), withIntermediateDirectories: false)
      let before = try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
      try pointclouds.expectRefusal(of: arguments, saying: message, in: folder)
      // Nothing is written, and nothing is left over.
      let after = try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
      #expect(after.subtracting(before).subtracting(["stdout.txt", "stderr.txt"]).isEmpty)
    }
  }

  /// Ctrl-C at any moment leaves the file that was there, or the new one, whole.
  @Test func interruptionLeavesNothingHalf() throws {
    try withCube { folder in
      _ = try succeed(["sample", "cube.off", "--points", "8000", "--output", "scan.ply"], in: folder)
      for delay in [0.05, 0.3] {
        let process = try pointclouds.start(["normals", "scan.ply", "--output", "out.ply"], in: folder)
        Thread.sleep(forTimeInterval: delay)
        kill(process.processIdentifier, SIGINT)
        let result = try pointclouds.result(of: process, in: folder)
        #expect(result.signal == SIGINT || result.status == 130 || result.status == 0, "\(result.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!left.contains { $0.hasSuffix(".tmp") })
        if left.contains("out.ply") { #expect(try read("out.ply", folder).count == 8000) }
      }
    }
  }

  @Test func helpTellsWhatCommandsDo() throws {
    try withTemporaryFolder { folder in
      let help = try succeed(["--help"], in: folder)
      for command in ["sample", "convert", "normals", "shapes", "report"] {
        #expect(help.contains(command))
        #expect(try succeed([command, "--help"], in: folder).contains("OVERVIEW"))
      }
    }
  }
}
