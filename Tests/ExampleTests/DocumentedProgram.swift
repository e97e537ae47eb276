import Foundation

/// A program that a document shows: its Swift blocks from one that begins with `import` up to the next such block.
///
/// What a reader need not see, such as the check of a value, stands in a comment of the document that begins with the line `<!-- swift`, and
/// belongs to the program at that place. A block below the line `<!-- part of PATH -->` is no program but a piece of that file, which is built
/// and tested with the package. A block that begins with `// swift-tools-version` is a manifest. Blocks of `text` below a program are what it
/// prints, from the first line to the last.
struct DocumentedProgram: Sendable {
  /// Path from the root of the package.
  let document: String
  /// Of its first block, counted from 1.
  let line: Int
  /// The blocks, each with the place that it comes from for the messages of the compiler.
  private(set) var source: String
  /// The text of its Swift blocks alone.
  private(set) var text: String
  /// The file that this is a piece of.
  let file: String?
  /// What the document says that it prints; nil where it says nothing.
  private(set) var printed: String?

  var isManifest: Bool { text.hasPrefix("// swift-tools-version") }

  private init(_ block: Block, in document: String) {
    (self.document, line, file) = (document, block.line, block.file)
    (source, text) = ("", "")
    append(block)
  }

  private mutating func append(_ block: Block) {
    if block.isPrinted {
      printed = (printed ?? "") + block.text
      return
    }
    text += block.text
    source += "#sourceLocation(file: \"\(document)\", line: \(block.line))\n\(block.text)"
  }
}

extension DocumentedProgram {
  fileprivate struct Block {
    let line: Int
    var text = ""
    var file: String?
    var isPrinted = false

    var startsProgram: Bool { file != nil || text.hasPrefix("import ") || text.hasPrefix("// swift-tools-version") }
  }

  /// All programs of a document in their order; an error if a block belongs to none.
  static func all(in markdown: String, of document: String) throws -> [DocumentedProgram] {
    var programs: [DocumentedProgram] = []
    for block in blocks(of: markdown) {
      if block.isPrinted {
        if !programs.isEmpty { programs[programs.count - 1].append(block) }
      } else if block.startsProgram {
        programs.append(.init(block, in: document))
      } else if programs.last.map({ $0.file == nil && !$0.isManifest }) == true {
        programs[programs.count - 1].append(block)
      } else {
        throw Homeless(description: "\(document):\(block.line): this block begins with no import and continues no program")
      }
    }
    return programs
  }

  struct Homeless: Error, CustomStringConvertible { let description: String }

  private static func blocks(of markdown: String) -> [Block] {
    enum Place { case prose, block(end: String), otherCode }
    var (place, blocks, file) = (Place.prose, [Block](), String?.none)
    for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.trimmingCharacters(in: .whitespaces)
      switch place {
      case .prose where words == "```swift" || words == "<!-- swift":
        blocks.append(Block(line: index + 2, file: file))
        place = .block(end: words == "```swift" ? "```" : "-->")
        file = nil
      case .prose where words == "```text":
        blocks.append(Block(line: index + 2, isPrinted: true))
        place = .block(end: "```")
      case .prose where words.hasPrefix("```"): place = .otherCode
      case .prose:
        if words.hasPrefix("<!-- part of "), words.hasSuffix(" -->") { file = String(words.dropFirst(13).dropLast(4)) }
      case .block(let end) where words == end: place = .prose
      case .block: blocks[blocks.count - 1].text += line + "\n"
      case .otherCode: if words == "```" { place = .prose }
      }
    }
    return blocks
  }

  /// Every document of the package: paths from `root`.
  static func documents(of root: URL) -> [String] {
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    let paths = (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "md" }.map(\.standardizedFileURL.path)
    let prefix = root.standardizedFileURL.path + "/"
    return paths.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
      .filter { !$0.hasPrefix("runs/") && !$0.contains("/checkouts/") }.sorted()
  }
}
