import ArgumentParser
import Equivariant

extension RunFolder {
  /// Makes the folder as ``RunFolder/create()`` does, with the options of the programs in what it refuses.
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

/// The file of a model that a user named: the best one of a run's folder, or the file itself.
package func modelFile(_ name: String) -> String { RunFolder.modelFile(named: name) }
