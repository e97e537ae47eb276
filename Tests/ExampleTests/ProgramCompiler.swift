import Foundation

/// Compiles programs against the libraries that lie beside the tests, as `swift build` would in the package of a user.
struct ProgramCompiler {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// The tests' build folder.
  private let build: URL
  /// All libraries in one, which is linked once: a program then takes about a second.
  private let library: URL
  /// Where the compiler finds the modules of the package and of what they stand on.
  private let importFlags: [String]

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Links the library in `folder`.
  init(in folder: URL) throws {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    guard
      let build = [bundle, bundle.deletingLastPathComponent(), Program.buildFolder].first(where: {
        FileManager.default.fileExists(atPath: $0.appending(path: "Modules/Equivariant.swiftmodule").path)
      })
    else { throw Failure(description: "no built modules beside \(bundle.path)") }
    self.build = build.resolvingSymlinksInPath()
    library = folder.appending(path: "libDocumented.so")
    // What the smallest program of the package is linked from, without the program itself.
    let objects = try String(contentsOf: self.build.appending(path: "training-program.product/Objects.LinkFileList"), encoding: .utf8)
      .split(separator: "\n").filter { !$0.contains("/training_program.build/") }
    let list = folder.appending(path: "objects.txt")
    try objects.joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
    let flags = try Self.run(["pkg-config", "--cflags", "--libs", "fftw3", "fftw3f", "openblas", "zlib"])
    guard flags.status == 0 else { throw Failure(description: flags.output) }
    let systemFlags = flags.output.split(whereSeparator: \.isWhitespace).map(String.init)
    let libraryFlags = systemFlags.filter { $0.hasPrefix("-l") || $0.hasPrefix("-L") }
    let linked = try Self.run(["swiftc", "-emit-library", "-use-ld=lld", "@\(list.path)", "-lm", "-o", library.path] + libraryFlags)
    guard linked.status == 0 else { throw Failure(description: "the libraries cannot be linked: \(linked.output)") }
    let sources = Self.root.appending(path: "Sources")
    let checkouts = self.build.deletingLastPathComponent().deletingLastPathComponent().appending(path: "checkouts")
    let folders = [
      self.build.appending(path: "Modules"), sources.appending(path: "CKernels/include"),
      checkouts.appending(path: "swift-numerics/Sources/_NumericsShims/include"),
    ]
    let maps = ["CFFTW", "COpenBLAS", "CZlib"].map { sources.appending(path: "\($0)/module.modulemap") }
    let allMaps = maps + [self.build.appending(path: "CKernels.build/module.modulemap")]
    importFlags =
      folders.flatMap { ["-I", $0.path] } + allMaps.flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)"] }
      + systemFlags.filter { $0.hasPrefix("-I") }
  }

  /// Compiles `source` as the main.swift of a program of its own, in the language mode of the package and without warnings, and runs it in
  /// `folder`. Gives what it printed; throws what the compiler or the program has to object.
  func run(_ source: String, in folder: URL) throws -> String {
    let (main, program) = (folder.appending(path: "main.swift"), folder.appending(path: "program"))
    try source.write(to: main, atomically: true, encoding: .utf8)
    let compiled = try Self.run(
      ["swiftc", "-Onone", "-swift-version", "6", "-warnings-as-errors", "-use-ld=lld", main.path, "-o", program.path] + importFlags + [
        library.path, "-Xlinker", "-rpath", "-Xlinker", library.deletingLastPathComponent().path,
      ])
    guard compiled.status == 0 else { throw Failure(description: "does not compile:\n\(compiled.output)") }
    let result = try Self.run([program.path], in: folder)
    guard result.status == 0 else { throw Failure(description: "ends with \(result.status):\n\(result.output)") }
    return result.output
  }

  /// Runs a command; `status` is that of a signal, negative, where one ended it.
  static func run(_ command: [String], in folder: URL? = nil) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    (process.standardError, process.standardOutput) = (pipe, pipe)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    return (status, String(decoding: output, as: UTF8.self))
  }
}
