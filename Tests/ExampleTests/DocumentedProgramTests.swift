import Foundation
import Testing

/// Every program that a document of the package shows compiles as a main.swift of its own, without warnings, and runs.
@Suite struct DocumentedProgramTests {
  private static let folder = FileManager.default.temporaryDirectory.appending(path: "documented-\(UUID())")
  private static let compiler = Result {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // The library is removed when the tests end.
    atexit { try? FileManager.default.removeItem(at: DocumentedProgramTests.folder) }
    return try ProgramCompiler(in: folder)
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: ProgramCompiler.root.appending(path: path), encoding: .utf8)
  }

  @Test(arguments: DocumentedProgram.documents(of: ProgramCompiler.root)) func document(_ path: String) throws {
    for program in try DocumentedProgram.all(in: Self.text(path), of: path) { try check(program) }
  }

  private func check(_ program: DocumentedProgram) throws {
    let place = "\(program.document):\(program.line)"
    if let file = program.file {
      // A program is shown from its first line to its last.
      if file.hasSuffix("/main.swift") { return #expect(try Self.text(file) == program.text, "\(place): not the text of \(file)") }
      let lines = program.text.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.hasPrefix("import ") || $0.isEmpty }
      #expect(try Self.text(file).contains(lines.joined(separator: "\n")), "\(place): not the text of \(file)")
      return
    }
    try withTemporaryFolder { folder in
      do {
        if program.isManifest {
          try program.text.write(to: folder.appending(path: "Package.swift"), atomically: true, encoding: .utf8)
          let result = try ProgramCompiler.run(["swift", "package", "dump-package"], in: folder)
          #expect(result.status == 0, "\(place): \(result.output)")
        } else {
          let printed = try Self.compiler.get().run(program.source, in: folder)
          #expect(program.printed == nil || program.printed == printed, "\(place): not what the program prints")
        }
      } catch let failure as ProgramCompiler.Failure {
        Issue.record("\(place): \(failure)")
      }
    }
  }

  /// Faults that a program can have.
  @Test(arguments: [
    ("let x: Int = \"a\"", "README.md:7:14: error: cannot convert value of type 'String'"), ("print(sqrt(2))", "README.md:7:7: error"),
    ("assert(SO3().identity.w == 2)", "ends with -"), ("func f() { let unused = 1 }", "README.md:7:16: error"),
    ("throw CancellationError()", "ends with"),
  ]) func faultsAreFound(_ fault: String, _ message: String) throws {
    let program = try #require(
      DocumentedProgram.all(in: "#\n\nText.\n```swift\nimport GroupTheory\n\n\(fault)\n```\n", of: "README.md").first)
    try withTemporaryFolder { folder in
      let error = #expect(throws: ProgramCompiler.Failure.self) { try Self.compiler.get().run(program.source, in: folder) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(message), "\(String(describing: error))")
    }
  }

  @Test func blocksMakePrograms() throws {
    let programs = try DocumentedProgram.all(
      in: """
        ```sh
        import is no Swift here
        ```
        <!-- swift
        import A
        -->
        Text.
        ```swift
        let a = 1
        ```
        ```text
        1
        ```
        ```swift
        import B
        ```
        <!-- part of Tests/X.swift -->

          ```swift
          struct X {}
          ```
        ```swift
        // swift-tools-version: 6.2
        ```
        """, of: "A.md")
    #expect(programs.map(\.text) == ["import A\nlet a = 1\n", "import B\n", "  struct X {}\n", "// swift-tools-version: 6.2\n"])
    #expect(programs.map(\.printed) == ["1\n", nil, nil, nil])
    #expect(programs.map(\.line) == [5, 15, 20, 23] && programs.map(\.file) == [nil, nil, "Tests/X.swift", nil])
    #expect(programs.map(\.isManifest) == [false, false, false, true])
    #expect(programs[0].source.contains("#sourceLocation(file: \"A.md\", line: 9)\nlet a = 1\n"))
    for text in ["```swift\nlet a = 1\n```", "```swift\n// swift-tools-version: 6.2\n```\n```swift\nlet a = 1\n```"] {
      #expect(throws: DocumentedProgram.Homeless.self) { try DocumentedProgram.all(in: text, of: "A.md") }
    }
  }

  /// Links between files of the package lead to files that are there.
  @Test(arguments: DocumentedProgram.documents(of: ProgramCompiler.root)) func linksOfFiles(_ path: String) throws {
    let folder = ProgramCompiler.root.appending(path: path).deletingLastPathComponent()
    for match in try Self.text(path).matches(of: #/\]\(([^)\s#]+)[^)]*\)/#) where !match.output.1.contains("://") {
      let name = String(match.output.1)
      let places = [folder, folder.appending(path: "Resources")].map { $0.appending(path: name).path }
      #expect(places.contains { FileManager.default.fileExists(atPath: $0) }, "\(path) links to \(name)")
    }
  }
}
