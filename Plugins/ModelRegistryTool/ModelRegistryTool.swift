import Foundation

/// Writes the list of architectures: `ModelRegistryTool <file to write> <type>...`. A list that is there already stays as it is, so that
/// nothing is compiled again.
@main struct ModelRegistryTool {
  static func main() throws {
    let output = URL(filePath: CommandLine.arguments[1])
    let types = CommandLine.arguments.dropFirst(2).map { "  \($0).self,\n" }.joined()
    let text = """
      /// The architectures of this program, one for each file of its folder `Models`.
      let architectures: [any Architecture.Type] = [
      \(types)]

      """
    if let present = try? String(contentsOf: output, encoding: .utf8), present == text { return }
    try text.write(to: output, atomically: true, encoding: .utf8)
  }
}
