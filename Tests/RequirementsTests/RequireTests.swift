import Foundation
import Requirements
import Testing

/// Programming errors print what was expected and received, with and without optimisation.
@Suite struct RequireTests {

  @Test func whatHoldsCostsNoMessage() {
    var made = 0
    func message() -> String {
      made += 1
      return "never shown"
    }
    require(made == 0, message())
    #expect(made == 0)
  }

  @Test func whatFailsIsToldWithItsPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let width = 4
      require(width == 3, "a width of 3 is expected, received \(width)")
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("a width of 3 is expected, received 4"), "printed: \(output)")
    #expect(output.contains("RequireTests.swift:"), "printed: \(output)")
  }

  /// The same source, compiled as a release build is; `precondition` beside it shows that the check can fail.
  @Test(arguments: ["require", "precondition"]) func optimizedPrograms(check: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "require-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Requirements/Require.swift")
    let main = folder.appending(path: "main.swift")
    try "\(check)(CommandLine.arguments.count == 7, \"7 arguments are expected, received \\(CommandLine.arguments.count)\")\n"
      .write(to: main, atomically: true, encoding: .utf8)
    let program = folder.appending(path: "program")
    let compiled = try run(
      "swiftc", "-O", "-swift-version", "6", "-package-name", "test", "-module-name", "program", main.path, source.path, "-o", program.path)
    try #require(compiled.status == 0, "\(compiled.output)")
    let stopped = try run(program.path)
    #expect(stopped.status != 0)
    #expect(stopped.output.contains("7 arguments are expected, received 1") == (check == "require"), "printed: \(stopped.output)")
  }

  private func run(_ command: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
