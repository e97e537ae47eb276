import Foundation
import PackagePlugin

/// Lists the architectures of a program: each file `X.swift` of the target's folder `Models` declares the type `X`, and the generated source
/// has them all in `let architectures: [any Architecture.Type]`, in the order of their names.
@main struct ModelRegistry: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    guard let target = target.sourceModule else { return [] }
    let models = target.sourceFiles(withSuffix: ".swift").map(\.url)
      .filter { $0.deletingLastPathComponent().lastPathComponent == "Models" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    let output = context.pluginWorkDirectoryURL.appending(path: "Architectures.swift")
    return [
      .buildCommand(
        displayName: "Listing the models of \(target.name)", executable: try context.tool(named: "ModelRegistryTool").url,
        arguments: [output.path] + models.map { $0.deletingPathExtension().lastPathComponent }, inputFiles: models, outputFiles: [output])
    ]
  }
}
