import ArgumentParser
import Equivariant

extension RunFolder {
  /// Creates the folder as ``RunFolder/create()`` does, with errors in terms of the programs' options.
  package func begin() throws {
    if holdsRun {
      throw ValidationError(
        "\(path) holds a run already: continue it with --resume (which needs its checkpoint.safetensors), remove it, or give another --output"
      )
    }
    do {
      try create()
    } catch {
      var refusal = error
      refusal.cure = "give another --output"
      throw refusal
    }
  }
}

/// The file of a model that a user has named: the best model if the name is that of a run's folder, or else the file itself.
package func modelFile(_ name: String) -> String { RunFolder.modelFile(named: name) }
