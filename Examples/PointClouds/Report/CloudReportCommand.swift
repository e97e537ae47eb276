import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct CloudPages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes a web page with pictures of clouds that can be turned, and the table of the protocols.",
    discussion: """
      The page is one file that needs no network. Clouds are coloured by their normals; with --truth, a file with the true normals of the \
      same points for each cloud in turn, by the errors of the estimated ones too. --shapes takes a file of `pointclouds shapes`, and shows \
      the first shape of each class, coloured by parts where it has them.
      """)

  @Option(name: .customLong("cloud"), help: "A cloud with normals; may be given several times.") var clouds: [String] = []
  @Option(help: "The same points with true normals; as many as clouds, or none.") var truth: [String] = []
  @Option(help: "The file protocols.json of `pointclouds protocols`.") var protocols: String?
  @Option(help: "An .npz file of `pointclouds shapes`.") var shapes: String?
  @Option(name: .shortAndLong, help: "The page to write.") var output = "report.html"

  func validate() throws {
    guard truth.isEmpty || truth.count == clouds.count else {
      throw ValidationError(
        "--truth is given \(truth.count) times and --cloud \(clouds.count) times: give one truth for each cloud, or none")
    }
    guard !clouds.isEmpty || protocols != nil || shapes != nil else { throw ValidationError("give --cloud, --protocols or --shapes") }
  }

  func run() throws {
    var pictures: [CloudPicture] = []
    for (place, path) in clouds.enumerated() { pictures.append(try picture(path, truth: truth.isEmpty ? nil : truth[place])) }
    if let shapes { pictures += try shapePictures(shapes) }
    let page = CloudReportPage(protocols: try protocols.map { try ProtocolResults(contentsOf: $0) }, pictures: pictures)
    try makeFolder(of: output)
    try AtomicFile.write(Array(page.html.utf8), to: output)
    note("\(counted(pictures.count, "picture")): \(output)")
  }

  private func picture(_ path: String, truth: String?) throws -> CloudPicture {
    let file = try GeometryFile(contentsOf: path)
    guard let normals = file.normals else {
      throw FileFormatError(.malformed, path: path, cause: "the points have no normals", cure: "estimate them with `pointclouds normals`")
    }
    let name = (path as NSString).lastPathComponent
    let unit = PointCloud(name: "", file).normals.map { Double($0) }
    guard let truth else {
      return CloudPicture(title: name, caption: summary(file), points: file.points, colorings: [.normals(unit)])
    }
    let reference = try GeometryFile(contentsOf: truth)
    guard let expected = reference.normals, reference.count == file.count else {
      throw FileFormatError(
        .malformed, path: truth, cause: "\(file.count) points with normals are expected, this file has \(summary(reference))",
        cure: "give the same points with their true normals")
    }
    let angles = unorientedAngles(normals, expected)
    let known = angles.compactMap { $0 }
    let errors = known.isEmpty ? "" : "; median error \(significant(NormalErrors(angles: known).medianAngle))°"
    return CloudPicture(title: name, caption: summary(file) + errors, points: file.points, colorings: [.angles(angles), .normals(unit)])
  }

  private func shapePictures(_ path: String) throws -> [CloudPicture] {
    let archive = try NumericArchive(contentsOf: path)
    func wrong(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: path, place: .init(entry: entry), cause: cause, cure: "give a file written by `pointclouds shapes`")
    }
    let extents = try archive.array("points").shape
    guard extents.count == 3, extents[1] > 0, extents[2] == 3 else {
      throw wrong("points", "the shape [shapes, n, 3] is expected, it is \(extents)")
    }
    guard try archive.array("normals").shape == extents else { throw wrong("normals", "the shape \(extents) of the points is expected") }
    let (points, normals, names) = (try archive.doubles("points"), try archive.doubles("normals"), try archive.strings("names"))
    guard points.allSatisfy({ $0.magnitude < 1e18 }) else { throw wrong("points", "a coordinate is not a finite number") }
    guard normals.allSatisfy(\.isFinite) else { throw wrong("normals", "a component is not a finite number") }
    guard names.count == extents[0] else { throw wrong("names", "\(extents[0]) names are expected, there are \(names.count)") }
    let parts = archive.contains("parts") ? try archive.ints("parts") : nil
    guard parts == nil || parts!.count == extents[0] * extents[1], parts?.allSatisfy({ $0 >= 0 }) ?? true else {
      throw wrong("parts", "a number of at least 0 for each point is expected")
    }
    let labels = try archive.strings("label_names")
    var seen: Set<String> = []
    return names.indices.filter { seen.insert(names[$0]).inserted }.map { shape in
      let range = 3 * shape * extents[1]..<3 * (shape + 1) * extents[1]
      var colorings = [CloudPicture.Coloring.normals(Array(normals[range]))]
      if let parts { colorings.insert(.parts(Array(parts[shape * extents[1]..<(shape + 1) * extents[1]]), names: labels), at: 0) }
      return CloudPicture(title: names[shape], caption: "\(grouped(extents[1])) points", points: Array(points[range]), colorings: colorings)
    }
  }
}
